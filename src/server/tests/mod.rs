//! The service as its clients see it, without sockets.

mod answers;
mod batches;
mod described;
mod lifetime;
mod reconciling;
mod reconciling_draft;
mod refusals;
mod schemas;
mod support;
