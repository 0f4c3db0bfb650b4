//! Turns work into times: processor time of a thread or of the process, medians, and ratios of contenders that take turns.

use cpu_time::{ProcessTime, ThreadTime};

/// Rounds in which contenders take turns.
pub(crate) const ROUNDS: usize = 7;

/// Processor seconds of the process so far, all threads.
pub(crate) fn process() -> f64 {
    ProcessTime::now().as_duration().as_secs_f64()
}

/// Thread time that some work takes, in seconds.
pub(crate) fn timed(work: impl FnOnce()) -> f64 {
    let began = ThreadTime::now();
    work();
    began.elapsed().as_secs_f64()
}

/// The middle of some values.
pub(crate) fn median(values: &[f64]) -> f64 {
    quantile(values, 0.5)
}

/// The value below which a share of the values lies.
pub(crate) fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let place = (sorted.len().saturating_sub(1) as f64 * share).round() as usize;
    sorted.get(place).copied().unwrap_or(f64::NAN)
}

/// A contender: some work over all titles, once.
pub(crate) type Contender<'a> = Box<dyn FnMut() + 'a>;

/// Times of contenders in rounds, a warm-up before them: `times[contender][round]`, in seconds of thread time.
pub(crate) fn rounds(contenders: &mut [Contender<'_>]) -> Vec<Vec<f64>> {
    contenders.iter_mut().for_each(|contender| contender());
    let mut times = vec![Vec::with_capacity(ROUNDS); contenders.len()];
    for _ in 0..ROUNDS {
        for (contender, times) in contenders.iter_mut().zip(&mut times) {
            times.push(timed(contender));
        }
    }
    times
}

/// Median over the rounds of the ratio within a round.
pub(crate) fn ratio(own: &[f64], limit: &[f64]) -> f64 {
    let ratios: Vec<f64> = own.iter().zip(limit).map(|(own, limit)| own / limit).collect();
    median(&ratios)
}

/// Time of each item in seconds: the median of its times over the rounds, less what reading the clock takes.
pub(crate) fn each<T>(items: &[T], mut work: impl FnMut(&T)) -> Vec<f64> {
    items.iter().for_each(&mut work);
    let mut times = vec![Vec::with_capacity(ROUNDS); items.len()];
    for _ in 0..ROUNDS {
        for (item, times) in items.iter().zip(&mut times) {
            times.push(timed(|| work(item)));
        }
    }
    let reading = median(&(0..1000).map(|_| timed(|| ())).collect::<Vec<_>>());
    times.iter().map(|times| (median(times) - reading).max(0.0)).collect()
}
