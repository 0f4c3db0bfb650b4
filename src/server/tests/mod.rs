//! The service as its clients see it, without sockets.

mod answers;
mod batches;
mod lifetime;
mod refusals;
mod support;
