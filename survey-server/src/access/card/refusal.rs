//! The reasons for which a card is refused, each with a page that says what to do.

use thiserror::Error;

/// Why a certificate does not sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Refusal {
    /// The browser presented none.
    #[error("no certificate was presented")]
    NoCertificate,
    /// Not a certificate, or with critical parts unknown to us.
    #[error("the certificate cannot be read")]
    Unreadable,
    /// A key or a signature too weak or too unusual to be believed: RSA below 2048 bits, SHA-1.
    #[error("the certificate's cryptography is too old")]
    OutdatedCard,
    /// Nobody we trust signed it.
    #[error("the issuer is not trusted")]
    ForeignIssuer,
    /// The issuer was trusted by a list that is too old to count now.
    #[error("the trust list is missing or too old")]
    TrustUnknown,
    /// The card's signature certificate (key usage nonRepudiation), which is for signing documents.
    #[error("a signature certificate, not an authentication certificate")]
    SignatureCertificate,
    /// No extended key usage.
    #[error("the certificate does not say that it authenticates clients")]
    NoPurpose,
    /// An extended key usage without client authentication.
    #[error("the certificate has another purpose")]
    WrongPurpose,
    /// None of the policies of a services card.
    #[error("the certificate has none of the card policies")]
    NoPolicy,
    /// Its validity has not begun.
    #[error("the certificate is not yet valid")]
    NotYetValid,
    /// Its validity has ended.
    #[error("the certificate has expired")]
    Expired,
    /// Its issuer withdrew it.
    #[error("the certificate is revoked")]
    Revoked,
    /// An authority above it was withdrawn.
    #[error("an authority above the certificate is revoked")]
    IssuerRevoked,
    /// Whether it was withdrawn cannot be known now.
    #[error("no fresh revocation list of the issuer")]
    RevocationUnknown,
    /// The subject's common name is not a card's.
    #[error("the subject's name is not that of a card")]
    MalformedName,
    /// The fiscal code is not one.
    #[error("the fiscal code in the certificate is not valid")]
    InvalidFiscalCode,
}

impl Refusal {
    /// Every reason.
    pub const ALL: [Refusal; 16] = [
        Refusal::NoCertificate,
        Refusal::Unreadable,
        Refusal::OutdatedCard,
        Refusal::ForeignIssuer,
        Refusal::TrustUnknown,
        Refusal::SignatureCertificate,
        Refusal::NoPurpose,
        Refusal::WrongPurpose,
        Refusal::NoPolicy,
        Refusal::NotYetValid,
        Refusal::Expired,
        Refusal::Revoked,
        Refusal::IssuerRevoked,
        Refusal::RevocationUnknown,
        Refusal::MalformedName,
        Refusal::InvalidFiscalCode,
    ];

    /// The stem of the page's keys: `refusal-<stem>-title`, `-text` (why) and `-remedy` (what to do).
    pub fn stem(self) -> &'static str {
        match self {
            Refusal::NoCertificate => "no-certificate",
            Refusal::Unreadable => "unreadable",
            Refusal::OutdatedCard => "outdated",
            Refusal::ForeignIssuer => "foreign-issuer",
            Refusal::TrustUnknown => "trust-unknown",
            Refusal::SignatureCertificate => "signature-certificate",
            Refusal::NoPurpose => "no-purpose",
            Refusal::WrongPurpose => "wrong-purpose",
            Refusal::NoPolicy => "no-policy",
            Refusal::NotYetValid => "not-yet-valid",
            Refusal::Expired => "expired",
            Refusal::Revoked => "revoked",
            Refusal::IssuerRevoked => "issuer-revoked",
            Refusal::RevocationUnknown => "revocation-unknown",
            Refusal::MalformedName => "malformed-name",
            Refusal::InvalidFiscalCode => "invalid-fiscal-code",
        }
    }
}
