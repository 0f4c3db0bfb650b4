//! Turns a client's requests into "go on" or "come back in so many seconds": one leaking bucket a client.

use std::net::IpAddr;
use std::sync::Mutex;
use std::time::Instant;

use rustc_hash::FxHashMap;

/// Clients remembered before those that have been silent are forgotten.
const MAX_CLIENTS: usize = 10_000;

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Client {
    /// The bearer of a token, by its place in the file.
    Token(usize),
    /// A machine.
    Address(Option<IpAddr>),
}

/// Counts requests by client.
#[derive(Debug)]
pub(super) struct Rates {
    per_second: u32,
    /// How full each client's bucket is, and when that was so.
    fill: Mutex<FxHashMap<Client, (f64, Instant)>>,
}

impl Rates {
    /// Permits so many requests a second and as many at once; 0 permits any number.
    pub(super) fn new(per_second: u32) -> Self {
        Self { per_second, fill: Mutex::new(FxHashMap::default()) }
    }

    /// Takes a request.
    ///
    /// # Errors
    /// The seconds after which the client may come back.
    pub(super) fn admit(&self, client: Client, now: Instant) -> Result<(), u32> {
        if self.per_second == 0 {
            return Ok(());
        }
        let rate = f64::from(self.per_second);
        let left = |(fill, at): (f64, Instant)| (fill - now.saturating_duration_since(at).as_secs_f64() * rate).max(0.0);
        let mut clients = self.fill.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if clients.len() >= MAX_CLIENTS && !clients.contains_key(&client) {
            clients.retain(|_, state| left(*state) > 0.0);
        }
        let fill = clients.get(&client).map_or(0.0, |state| left(*state)) + 1.0;
        if fill > rate {
            return Err(((fill - rate) / rate).ceil().max(1.0) as u32);
        }
        clients.insert(client, (fill, now));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_bucket_fills_and_leaks_for_each_client() {
        let rates = Rates::new(2);
        let start = Instant::now();
        let (one, other) = (Client::Token(0), Client::Address(None));
        assert_eq!([0, 0, 0].map(|_| rates.admit(one, start)), [Ok(()), Ok(()), Err(1)]);
        assert_eq!(rates.admit(other, start), Ok(()));
        assert_eq!(rates.admit(one, start + Duration::from_millis(500)), Ok(()), "half a second frees one of two");
        assert_eq!(rates.admit(one, start + Duration::from_millis(500)), Err(1));
    }

    #[test]
    fn none_is_no_limit_and_memory_is_bounded() {
        let rates = Rates::new(0);
        assert!((0..1_000).all(|_| rates.admit(Client::Token(0), Instant::now()).is_ok()));
        let rates = Rates::new(1);
        let start = Instant::now();
        for number in 0..3 * MAX_CLIENTS {
            let _ = rates.admit(Client::Token(number), start + Duration::from_secs(2 * (number / MAX_CLIENTS) as u64));
        }
        assert!(rates.fill.lock().expect("unpoisoned").len() <= MAX_CLIENTS);
    }
}
