//! Turns words into the hashes under which names are stored and found.

use super::query::{Word, WordKind};

/// Hash of the sorted set of content words; `None` when there is none. Function words count only when nothing else is there.
pub fn key(words: &[&Word]) -> Option<u64> {
    let mut texts: Vec<&str> = words.iter().filter(|word| word.kind != WordKind::Stop).map(|word| word.text.as_str()).collect();
    if texts.is_empty() {
        texts = words.iter().map(|word| word.text.as_str()).collect();
    }
    if texts.is_empty() {
        return None;
    }
    texts.sort_unstable();
    texts.dedup();
    Some(hash_words(&texts))
}

/// Hash of words in the order given.
pub fn hash_words(words: &[&str]) -> u64 {
    // FNV-1a with a final mix: stable across versions and platforms, since it is stored.
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for word in words {
        for byte in word.bytes().chain(std::iter::once(0xff)) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash ^ (hash >> 33)
}
