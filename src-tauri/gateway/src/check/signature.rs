//! What the answers say of authentication: whether it is wanted, and whether ours is believed.

use super::{Finding, Grade, Learnt, finding};
use crate::exchange::Reply;
use crate::gateway::Gateway;

impl Gateway {
    /// Judges the answer to the query for no bill; a signed one that was taken is asked again unsigned, because a platform
    /// that looks at no signature takes every one.
    pub(super) async fn signature(&self, query: &Reply) -> Finding {
        let Reply::Http { status, refused, .. } = query else {
            return unknown();
        };
        match (self.line.signs(), status) {
            (true, 401) => rejected(refused.as_deref()),
            (false, 401) => finding(
                Grade::Bad,
                Learnt::SignatureWanted,
                "The platform wants signed requests (401). Set [gateway.auth] scheme = \"hawk\" with the id and key_file that it gave for this till.",
            ),
            (true, 200..=299 | 400) => match self.query_nothing(&self.line.unsigned()).await.status() {
                Some(401) => finding(
                    Grade::Ok,
                    Learnt::SignatureTaken,
                    "The platform takes this till's signature and refuses requests without one.",
                ),
                Some(200..=299 | 400) => finding(
                    Grade::Warn,
                    Learnt::SignatureUntested,
                    "The platform answers requests without a signature too, so this till's id and key are not tested by it.",
                ),
                _ => finding(Grade::Ok, Learnt::SignatureTaken, "The platform takes this till's signature."),
            },
            (false, 200..=299 | 400) => finding(
                Grade::Ok,
                Learnt::NoSignature,
                "Requests are not signed ([gateway.auth] scheme is \"none\"), and the platform takes them.",
            ),
            _ => unknown(),
        }
    }
}

fn rejected(why: Option<&str>) -> Finding {
    let said = why.filter(|why| !why.is_empty()).map(|why| format!(", saying “{why}”")).unwrap_or_default();
    finding(
        Grade::Bad,
        Learnt::SignatureRefused,
        format!(
            "The platform refuses this till's signature (401{said}). Look at [gateway.auth] id and key_file, at this machine's clock, and at base_url: host and port are signed as they stand there."
        ),
    )
}

fn unknown() -> Finding {
    finding(
        Grade::Warn,
        Learnt::SignatureUnknown,
        "Whether the platform wants signed requests could not be learnt, because the query path gave no usable answer.",
    )
}
