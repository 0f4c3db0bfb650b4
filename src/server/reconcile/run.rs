//! Answers the questions of a batch, each by itself: a bad one, or one that panics, costs no other its answer.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use tokio::sync::oneshot;

use super::answer::{Candidate, candidates};
use super::question::Question;
use crate::decide::Decision;
use crate::server::generation::Generation;
use crate::server::problem::{Kind, Problem};
use crate::server::state::App;

/// Questions that are answered where they are; more of them would keep other requests of the thread waiting.
const FEW: usize = 4;

/// What a question came to.
pub(super) type Answered = Result<Vec<Candidate>, Problem>;

/// Answers in the order of the questions.
pub(super) async fn answer(app: &App, generation: &Arc<Generation>, questions: Vec<Result<Question, Problem>>) -> Result<Vec<Answered>, Problem> {
    let most = app.config.limits.reconcile_queries;
    if questions.len() > most {
        let detail = format!("the batch has {} queries: send fewer at a time", questions.len());
        return Err(Problem::new(Kind::TooLarge, detail).about("queries").permitting(format!("at most {most} queries")));
    }
    if questions.len() <= FEW {
        return Ok(questions.into_iter().map(|question| one(app, generation, question)).collect());
    }
    // Whoever asked may be gone before the last question: then nobody answers the rest.
    let (sender, receiver) = oneshot::channel::<Vec<Answered>>();
    let (own_app, generation) = (app.clone(), generation.clone());
    tokio::task::spawn_blocking(move || {
        let mut answers = Vec::with_capacity(questions.len());
        for question in questions {
            if sender.is_closed() {
                return;
            }
            answers.push(one(&own_app, &generation, question));
        }
        // Nobody may be there any more.
        let _ = sender.send(answers);
    });
    receiver.await.map_err(|_| Problem::new(Kind::Internal, "the batch could not be answered"))
}

fn one(app: &App, generation: &Generation, question: Result<Question, Problem>) -> Answered {
    let question = question?;
    let answered = catch_unwind(AssertUnwindSafe(|| candidates(generation, &question))).map_err(|_| {
        app.metrics.panicked();
        Problem::new(Kind::Internal, "this is a fault of the program: report it with the request's id and the query")
    })?;
    let decision = match answered.first() {
        Some(first) if first.is_match => Decision::Accept,
        Some(_) => Decision::Review,
        None => Decision::Reject,
    };
    app.metrics.decided(decision, 1);
    Ok(answered)
}
