//! The signature of a trust list (XML Signature 1.1, enveloped, as XAdES and ETSI TS 119 612 make it), for exactly the
//! form that such lists have. Everything else is refused: what is not understood cannot be believed.
//!
//! Why our own: the one maintained crate for it (`bergshamra`) brings 250 packages and a second cryptographic library,
//! among them release candidates; what is needed is a canonical form, a digest and the signatures that `ring` has.
//!
//! What holds against wrapping: there is one signature in the document, a child of the root; it covers the whole document
//! but itself; what is read afterwards is the same tree that was verified.

use std::collections::BTreeSet;

use base64::{Engine, engine::general_purpose::STANDARD};
use ring::{digest, signature as algorithms};
use roxmltree::{Document, Node};
use rustls_pki_types::CertificateDer;
use thiserror::Error;
use x509_parser::{certificate::X509Certificate, prelude::FromDer, time::ASN1Time};

use super::canonical::{Form, canonical};

const SIGNATURE: &str = "http://www.w3.org/2000/09/xmldsig#";
const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
const INCLUSIVE: &str = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";

/// Why a signature is not believed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SignatureProblem {
    /// None, several, or one elsewhere than in the root.
    #[error("it must have exactly one signature, as a child of its root")]
    NotOne,
    /// A part of the signature is missing or of another form.
    #[error("its signature has another form than a trust list's: {0}")]
    Form(&'static str),
    /// An algorithm that is not understood or not believed.
    #[error("its signature uses {0}, which is not accepted")]
    Algorithm(String),
    /// What was signed is not what is there.
    #[error("it was changed after it was signed")]
    Digest,
    /// Nobody of those who may sign.
    #[error("none of the certificates in trust.signers signed it")]
    Signer,
}

type Verified<T> = Result<T, SignatureProblem>;

/// Holds that the whole document is signed with the key of one of `signers` whose certificate was valid at `issued`.
pub(super) fn verify(document: &Document<'_>, signers: &[CertificateDer<'static>], issued: ASN1Time) -> Verified<()> {
    let root = document.root_element();
    let mut signatures = document.descendants().filter(|node| node.has_tag_name((SIGNATURE, "Signature")));
    let signature = signatures.next().ok_or(SignatureProblem::NotOne)?;
    if signatures.next().is_some() || signature.parent_element() != Some(root) {
        return Err(SignatureProblem::NotOne);
    }
    let signed = child(signature, "SignedInfo")?;
    let form = form(child(signed, "CanonicalizationMethod")?)?;
    let references: Vec<Node<'_, '_>> = elements(signed, "Reference").collect();
    let mut n_of_document = 0;
    for reference in &references {
        n_of_document += u32::from(verify_reference(*reference, root, signature)?);
    }
    if n_of_document != 1 {
        return Err(SignatureProblem::Form("one reference must be to the whole document"));
    }
    let method = algorithm(child(signed, "SignatureMethod")?);
    let value = bytes(child(signature, "SignatureValue")?)?;
    let text = canonical(signed, &form, None);
    let kinds = kinds(method).ok_or_else(|| SignatureProblem::Algorithm(method.to_owned()))?;
    let signed_by = |signer: &CertificateDer<'_>| {
        X509Certificate::from_der(signer).is_ok_and(|(_, signer)| {
            let key = &signer.public_key().subject_public_key.data;
            let verifies = |kind: &&'static dyn algorithms::VerificationAlgorithm| {
                algorithms::UnparsedPublicKey::new(*kind, key).verify(&text, &value).is_ok()
            };
            signer.validity().is_valid_at(issued) && kinds.iter().any(verifies)
        })
    };
    if signers.iter().any(signed_by) { Ok(()) } else { Err(SignatureProblem::Signer) }
}

/// Verifies the digest of what a reference points to; true when that is the whole document.
fn verify_reference(reference: Node<'_, '_>, root: Node<'_, '_>, signature: Node<'_, '_>) -> Verified<bool> {
    let address = reference.attribute("URI").ok_or(SignatureProblem::Form("a reference without an address"))?;
    let target = match address.strip_prefix('#') {
        None if address.is_empty() => root.parent().ok_or(SignatureProblem::Form("no document"))?,
        None => return Err(SignatureProblem::Form("a reference to another document")),
        Some(id) => the_one_with(root, id)?,
    };
    let of_document = address.is_empty() || target == root;
    let is_inside = target != signature && target.ancestors().any(|ancestor| ancestor == signature);
    if !of_document && !is_inside {
        return Err(SignatureProblem::Form("a reference to a part of the document"));
    }
    let transforms = child(reference, "Transforms").ok();
    let transforms: Vec<Node<'_, '_>> = transforms.into_iter().flat_map(|all| elements(all, "Transform")).collect();
    let (without, rest) = match transforms.split_first() {
        Some((first, rest)) if of_document && algorithm(*first) == ENVELOPED => (Some(signature.id()), rest),
        _ if of_document => return Err(SignatureProblem::Form("the signature must be enveloped")),
        _ => (None, transforms.as_slice()),
    };
    let form = match rest {
        [] => Form::Inclusive,
        [only] => form(*only)?,
        _ => return Err(SignatureProblem::Form("more transforms than understood")),
    };
    let method = algorithm(child(reference, "DigestMethod")?);
    let kind = match method {
        "http://www.w3.org/2001/04/xmlenc#sha256" => &digest::SHA256,
        "http://www.w3.org/2001/04/xmldsig-more#sha384" => &digest::SHA384,
        "http://www.w3.org/2001/04/xmlenc#sha512" => &digest::SHA512,
        _ => return Err(SignatureProblem::Algorithm(method.to_owned())),
    };
    let found = digest::digest(kind, &canonical(target, &form, without));
    if found.as_ref() == bytes(child(reference, "DigestValue")?)? {
        Ok(of_document)
    } else {
        Err(SignatureProblem::Digest)
    }
}

/// The element with this identifier, which nothing else may have, whatever the attribute's spelling.
fn the_one_with<'a, 'input>(root: Node<'a, 'input>, id: &str) -> Verified<Node<'a, 'input>> {
    let mut found = root.descendants().filter(|node| {
        node.attributes().any(|attribute| attribute.name().eq_ignore_ascii_case("id") && attribute.value() == id)
    });
    match (found.next(), found.next()) {
        (Some(element), None) => Ok(element),
        _ => Err(SignatureProblem::Form("a reference to no element, or to several")),
    }
}

/// What may verify a signature of this method: elliptic curves have one algorithm for each curve.
fn kinds(method: &str) -> Option<Vec<&'static dyn algorithms::VerificationAlgorithm>> {
    Some(match method {
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256" => vec![&algorithms::RSA_PKCS1_2048_8192_SHA256],
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384" => vec![&algorithms::RSA_PKCS1_2048_8192_SHA384],
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512" => vec![&algorithms::RSA_PKCS1_2048_8192_SHA512],
        "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1" => vec![&algorithms::RSA_PSS_2048_8192_SHA256],
        "http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1" => vec![&algorithms::RSA_PSS_2048_8192_SHA384],
        "http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1" => vec![&algorithms::RSA_PSS_2048_8192_SHA512],
        "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256" => vec![&algorithms::ECDSA_P256_SHA256_FIXED],
        "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384" => vec![&algorithms::ECDSA_P384_SHA384_FIXED],
        _ => return None,
    })
}

fn form(method: Node<'_, '_>) -> Verified<Form> {
    let mut parameters = method.children().filter(Node::is_element);
    match (algorithm(method), parameters.next(), parameters.next()) {
        (INCLUSIVE, None, None) => Ok(Form::Inclusive),
        (EXCLUSIVE, None, None) => Ok(Form::Exclusive(BTreeSet::new())),
        (EXCLUSIVE, Some(list), None) if list.has_tag_name((EXCLUSIVE, "InclusiveNamespaces")) => {
            let prefixes = list.attribute("PrefixList").unwrap_or_default().split_ascii_whitespace();
            let prefix = |name: &str| if name == "#default" { String::new() } else { name.to_owned() };
            Ok(Form::Exclusive(prefixes.map(prefix).collect()))
        }
        (other, ..) => Err(SignatureProblem::Algorithm(other.to_owned())),
    }
}

fn algorithm<'a>(method: Node<'a, '_>) -> &'a str {
    method.attribute("Algorithm").unwrap_or_default()
}

/// The only child with this name.
fn child<'a, 'input>(parent: Node<'a, 'input>, name: &'static str) -> Verified<Node<'a, 'input>> {
    let mut found = elements(parent, name);
    match (found.next(), found.next()) {
        (Some(child), None) => Ok(child),
        _ => Err(SignatureProblem::Form(name)),
    }
}

fn elements<'a, 'input: 'a>(parent: Node<'a, 'input>, name: &'static str) -> impl Iterator<Item = Node<'a, 'input>> {
    parent.children().filter(move |node| node.has_tag_name((SIGNATURE, name)))
}

fn bytes(node: Node<'_, '_>) -> Verified<Vec<u8>> {
    let text: String = node.children().filter_map(|child| child.text()).collect();
    let text: String = text.split_ascii_whitespace().collect();
    STANDARD.decode(text).map_err(|_| SignatureProblem::Form("not base64"))
}
