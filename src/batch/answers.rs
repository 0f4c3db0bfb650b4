//! Answers each distinct title once, on several threads.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rustc_hash::FxHashMap;

use crate::engine::{Classification, Engine, MatchOptions};

/// Titles that a thread takes at a time: enough to make taking cheap, few enough that threads end together.
pub(super) const PIECE: usize = 64;

/// Answers titles in order, each distinct one once, on `jobs` threads. The answers do not depend on `jobs`.
pub fn answer_all(engine: &Engine, titles: &[&str], options: &MatchOptions, jobs: usize) -> Vec<Arc<Classification>> {
    let mut numbers: FxHashMap<&str, usize> = FxHashMap::default();
    let mut distinct: Vec<&str> = Vec::new();
    let places: Vec<usize> = titles
        .iter()
        .map(|title| {
            *numbers.entry(title).or_insert_with(|| {
                distinct.push(title);
                distinct.len() - 1
            })
        })
        .collect();
    let answers = each(&distinct, PIECE, jobs, |title| Arc::new(engine.classify(title, options)));
    places.into_iter().map(|place| answers[place].clone()).collect()
}

/// Applies a function to every item on `jobs` threads, each taking `piece` items at a time; results in the items' order.
pub(super) fn each<T: Sync, R: Send>(items: &[T], piece: usize, jobs: usize, work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = jobs.clamp(1, items.len().div_ceil(piece).max(1));
    if threads == 1 {
        return items.iter().map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let pieces: Vec<&[T]> = items.chunks(piece).collect();
    let take = || {
        let mut done: Vec<(usize, Vec<R>)> = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(taken) = pieces.get(number) else { return done };
            done.push((number, taken.iter().map(&work).collect()));
        }
    };
    let mut done: Vec<(usize, Vec<R>)> = std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(take)).collect();
        let mut done = take();
        for other in others {
            done.extend(other.join().expect("answering does not panic"));
        }
        done
    });
    done.sort_unstable_by_key(|(number, _)| *number);
    done.into_iter().flat_map(|(_, results)| results).collect()
}

/// What is kept of answers: two generations, so that what is still asked for survives when the older one is dropped.
pub(super) struct Cache<V> {
    young: FxHashMap<(String, String), Arc<V>>,
    old: FxHashMap<(String, String), Arc<V>>,
    young_bytes: usize,
    limit_bytes: usize,
}

impl<V> Cache<V> {
    /// A cache of at most about this many bytes.
    pub(super) fn new(limit_bytes: usize) -> Self {
        Self { young: FxHashMap::default(), old: FxHashMap::default(), young_bytes: 0, limit_bytes }
    }

    /// What is known of a title and language.
    pub(super) fn get(&mut self, key: &(String, String), size: impl Fn(&V) -> usize) -> Option<Arc<V>> {
        if let Some(value) = self.young.get(key) {
            return Some(value.clone());
        }
        let value = self.old.remove(key)?;
        self.insert(key.clone(), value.clone(), size(&value));
        Some(value)
    }

    /// Keeps a value that takes up `bytes`.
    pub(super) fn insert(&mut self, key: (String, String), value: Arc<V>, bytes: usize) {
        self.young_bytes += bytes + key.0.len() + key.1.len();
        self.young.insert(key, value);
        if self.young_bytes > self.limit_bytes / 2 {
            self.old = std::mem::take(&mut self.young);
            self.young_bytes = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_does_not_depend_on_threads() {
        let items: Vec<usize> = (0..1000).collect();
        let expected: Vec<usize> = items.iter().map(|item| item * 3).collect();
        for jobs in [1, 2, 3, 8] {
            assert_eq!(each(&items, 64, jobs, |item| item * 3), expected, "{jobs} threads");
        }
        assert!(each(&[] as &[usize], 64, 4, |item| *item).is_empty());
    }

    #[test]
    fn the_cache_keeps_what_is_asked_for_and_stays_small() {
        let mut cache = Cache::new(1000);
        let key = |number: usize| (format!("title {number}"), String::new());
        cache.insert(key(0), Arc::new(0), 40);
        for number in 1..200 {
            cache.insert(key(number), Arc::new(number), 40);
            assert_eq!(cache.get(&key(0), |_| 40).as_deref(), Some(&0), "after {number}");
            assert!(cache.young.len() + cache.old.len() < 40);
        }
        assert_eq!(cache.get(&key(1), |_| 40), None);
    }
}
