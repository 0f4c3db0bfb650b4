//! The service as its clients see it, without sockets.

mod answers;
mod refusals;
mod support;
