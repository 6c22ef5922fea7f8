//! Changes of several people that come together, in one transaction: they share the write to the disk that each would wait for. Each is
//! answered only after the commit. What becomes of one is nothing to the others: where one fails, all are made again, each alone.

use std::{
    collections::VecDeque,
    fmt,
    future::Future,
    mem,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use sea_orm::DatabaseTransaction;
use tokio::sync::oneshot;

use super::Database;
use crate::error::AppError;

/// Changes in one transaction at most, so that nobody waits long for those before.
const MOST: usize = 32;

/// How often a change is given to a transaction before it is given up. A transaction goes away unfinished only with the thread it ran on.
const N_TRIES: usize = 3;

/// A change being made.
pub(crate) type Making<'t> = Pin<Box<dyn Future<Output = Result<bool, AppError>> + Send + 't>>;

/// A change: made in a transaction, it says whether it was made, or found that what it was made from is no more and did nothing. It may be
/// made again after the transaction was taken back.
pub(crate) type Change = Arc<dyn for<'t> Fn(&'t DatabaseTransaction) -> Making<'t> + Send + Sync>;

/// The changes that wait.
#[derive(Default)]
pub(super) struct Together(Mutex<Queue>);

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Waiting>,
    /// Whether somebody is making changes, and will look for more when done.
    is_served: bool,
}

struct Waiting {
    change: Change,
    answer: oneshot::Sender<Result<bool, AppError>>,
}

impl fmt::Debug for Together {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Together")
    }
}

impl Together {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the changes that wait, up to [`MOST`]. Where there are none, nobody serves any more.
    fn next(&self) -> Vec<Waiting> {
        let mut queue = self.queue();
        let n_taken = queue.waiting.len().min(MOST);
        queue.is_served = n_taken > 0;
        queue.waiting.drain(..n_taken).collect()
    }
}

impl Database {
    /// Makes a change in a transaction, perhaps together with those of others. Its answer comes when it is on the disk.
    pub(crate) async fn write_together(&self, change: Change) -> Result<bool, AppError> {
        for _ in 0..N_TRIES {
            let (answer, answered) = oneshot::channel();
            let leads = {
                let mut queue = self.together.queue();
                queue.waiting.push_back(Waiting { change: Arc::clone(&change), answer });
                !mem::replace(&mut queue.is_served, true)
            };
            if leads {
                // A task of its own: whoever asked may go away, and must not take the changes of others along.
                tokio::spawn(self.clone().serve());
            }
            if let Ok(answer) = answered.await {
                return answer;
            }
        }
        Err(AppError::Database("a change was taken back with the thread that made it".to_owned()))
    }

    /// Makes the changes that wait until there are none.
    async fn serve(self) {
        let mut service = Service { together: Arc::clone(&self.together), is_over: false };
        loop {
            let changes = self.together.next();
            if changes.is_empty() {
                break;
            }
            match self.make(&changes).await {
                Ok(made) => changes.into_iter().zip(made).for_each(|(waiting, made)| waiting.reply(Ok(made))),
                Err(error) => self.make_each_alone(changes, error).await,
            }
        }
        service.is_over = true;
    }

    async fn make(&self, changes: &[Waiting]) -> Result<Vec<bool>, AppError> {
        let transaction = self.begin_write().await?;
        let mut made = Vec::with_capacity(changes.len());
        for waiting in changes {
            made.push((waiting.change)(&transaction).await?);
        }
        transaction.commit().await?;
        Ok(made)
    }

    /// What failed together may be the fault of one.
    async fn make_each_alone(&self, mut changes: Vec<Waiting>, error: AppError) {
        if changes.len() == 1 {
            changes.remove(0).reply(Err(error));
            return;
        }
        for waiting in changes {
            let made = self.make(std::slice::from_ref(&waiting)).await;
            waiting.reply(made.map(|made| made == [true]));
        }
    }
}

impl Waiting {
    /// Answers, if somebody still waits.
    fn reply(self, made: Result<bool, AppError>) {
        let _ = self.answer.send(made);
    }
}

/// That somebody serves. A service that is broken off sends everybody who waits to find another one.
struct Service {
    together: Arc<Together>,
    is_over: bool,
}

impl Drop for Service {
    fn drop(&mut self) {
        if !self.is_over {
            let mut queue = self.together.queue();
            queue.is_served = false;
            queue.waiting.clear();
        }
    }
}

#[cfg(test)]
#[path = "together_tests.rs"]
mod tests;
