//! Turns text into coloured text where a person reads it: on a terminal, unless NO_COLOR is set.

use std::io::IsTerminal;

use rolecall::decide::Decision;

/// Colours text or leaves it alone.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Paint {
    on: bool,
}

impl Paint {
    /// Colours for stdout when it is a terminal that understands them and NO_COLOR is unset or empty.
    pub(crate) fn stdout() -> Self {
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
        Self { on: !refused && !dumb && std::io::stdout().is_terminal() }
    }

    fn wrapped(self, code: &str, text: &str) -> String {
        if self.on { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    /// What the eye is to find first.
    pub(crate) fn strong(self, text: &str) -> String {
        self.wrapped("1", text)
    }

    /// What is only of interest to some.
    pub(crate) fn faint(self, text: &str) -> String {
        self.wrapped("2", text)
    }

    /// A decision in the colour of its kind.
    pub(crate) fn decision(self, decision: Decision) -> String {
        let code = match decision {
            Decision::Accept => "1;32",
            Decision::Review => "1;33",
            Decision::Reject => "1;31",
        };
        self.wrapped(code, decision.name())
    }
}
