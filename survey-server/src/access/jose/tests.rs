//! Tokens good and bad, and what somebody makes of a public key who would like to sign with it.

use aws_lc_rs::{
    cipher::{AES_256, EncryptionContext, PaddedBlockEncryptingKey, UnboundCipherKey},
    encoding::AsDer,
    iv::FixedLength,
    rsa::{KeySize, OAEP_SHA256_MGF1SHA256, OaepPublicEncryptingKey, PrivateDecryptingKey},
};
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use ring::{
    hmac,
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair},
};
use serde_json::{Value, json};

use super::*;

fn pem(der: &[u8]) -> String {
    format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", STANDARD.encode(der))
}

/// A new key on P-256.
pub(crate) fn curve_key() -> SigningKey {
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).unwrap();
    SigningKey::from_pem(pem(pkcs8.as_ref()).as_bytes()).unwrap()
}

fn rsa_pem(size: KeySize) -> (String, PrivateDecryptingKey) {
    let key = PrivateDecryptingKey::generate(size).unwrap();
    let der = AsDer::<aws_lc_rs::encoding::Pkcs8V1Der<'_>>::as_der(&key).unwrap();
    (pem(der.as_ref()), key)
}

/// The public halves of keys.
pub(crate) fn set(keys: &[&SigningKey]) -> KeySet {
    let keys: Vec<&Value> = keys.iter().map(|key| key.public()).collect();
    KeySet::read(&json!({ "keys": keys })).unwrap()
}

fn judge(token: &str, keys: &KeySet) -> Result<Claims, JoseError> {
    Signed::parse(token)?.verify(keys, &Algorithm::ALL)
}

/// A token with any header, signed by `sign` over its text.
fn forged(header: &Value, claims: &Value, sign: impl Fn(&str) -> Vec<u8>) -> String {
    let text = format!("{}.{}", encode(header.to_string()), encode(claims.to_string()));
    format!("{text}.{}", encode(sign(&text)))
}

#[test]
fn both_kinds_of_key_sign_and_verify_and_nothing_may_be_changed() {
    let rsa = SigningKey::from_pem(rsa_pem(KeySize::Rsa2048).0.as_bytes()).unwrap();
    for key in [curve_key(), rsa] {
        let keys = set(&[&key]);
        let token = key.sign("JWT", &json!({ "sub": "a" }));
        assert_eq!(judge(&token, &keys).unwrap().text("sub"), Some("a"));
        let parts: Vec<&str> = token.split('.').collect();
        let other = encode(json!({ "sub": "b" }).to_string());
        for changed in [
            format!("{}.{other}.{}", parts[0], parts[2]),
            format!("{}.{}.", parts[0], parts[1]),
            format!("{}.{}.{}", parts[0], parts[1], encode([0; 64])),
            token[..token.len() - 2].to_owned(),
        ] {
            assert!(matches!(judge(&changed, &keys), Err(JoseError::Signature | JoseError::Malformed(_))), "{changed}");
        }
        assert_eq!(judge(&token, &set(&[&curve_key()])).unwrap_err(), JoseError::UnknownKey);
    }
}

/// `none`, the secret that is no secret, an algorithm of another kind of key, and a critical extension.
#[test]
fn algorithms_outside_the_list_are_refused_whatever_the_signature() {
    let key = curve_key();
    let keys = set(&[&key]);
    let id = key.public()["kid"].clone();
    let claims = json!({ "sub": "a" });
    let secret = hmac::Key::new(hmac::HMAC_SHA256, key.public().to_string().as_bytes());
    let with_secret = |text: &str| hmac::sign(&secret, text.as_bytes()).as_ref().to_vec();
    for algorithm in ["none", "None", "NONE", "", "HS256", "HS512", "RS512", "ES384", "EdDSA", "RSA1_5"] {
        for token in [
            forged(&json!({ "alg": algorithm, "kid": id }), &claims, with_secret),
            forged(&json!({ "alg": algorithm, "kid": id }), &claims, |_| Vec::new()),
        ] {
            assert_eq!(judge(&token, &keys).unwrap_err(), JoseError::Algorithm, "{algorithm}");
        }
    }
    let crossed = forged(&json!({ "alg": "RS256", "kid": id }), &claims, with_secret);
    assert_eq!(judge(&crossed, &keys).unwrap_err(), JoseError::UnknownKey);
    for header in [json!({ "alg": "ES256", "crit": ["exp"] }), json!({ "alg": "ES256", "b64": false }), json!({})] {
        assert_eq!(judge(&forged(&header, &claims, with_secret), &keys).unwrap_err(), JoseError::Algorithm);
    }
    let good = key.sign("JWT", &claims);
    assert_eq!(Signed::parse(&good).unwrap().verify(&keys, &[Algorithm::Rs256]), Err(JoseError::Algorithm));
}

#[test]
fn keys_that_have_no_business_in_a_public_set_are_left_out() {
    let key = curve_key();
    let good = key.public().clone();
    let spoiled = |name: &str, value: Value| {
        let mut key = good.clone();
        key[name] = value;
        key
    };
    for bad in [
        json!({ "kty": "oct", "k": "AAAA", "kid": "s", "alg": "HS256" }),
        spoiled("d", json!("AAAA")),
        spoiled("use", json!("enc")),
        spoiled("alg", json!("ES384")),
        spoiled("crv", json!("P-384")),
        spoiled("x", json!("AAAA")),
        json!({ "kty": "RSA", "n": encode([255; 128]), "e": "AQAB" }),
        json!({ "kty": "OKP", "crv": "Ed25519", "x": "AAAA" }),
        json!("text"),
    ] {
        assert!(matches!(KeySet::read(&json!({ "keys": [bad] })), Err(JoseError::Key(_))), "{bad}");
        let mixed = KeySet::read(&json!({ "keys": [bad, good] })).unwrap();
        assert!(judge(&key.sign("JWT", &json!({})), &mixed).is_ok());
    }
    let many = vec![good.clone(); 65];
    assert!(KeySet::read(&json!({ "keys": many })).is_err());
}

#[test]
fn a_token_that_names_no_key_is_believed_only_where_there_is_one() {
    let (one, other) = (curve_key(), curve_key());
    let token = |key: &SigningKey| {
        let named = key.sign("JWT", &json!({}));
        let (_, rest) = named.split_once('.').unwrap();
        (rest.to_owned(), named)
    };
    let (_, named) = token(&one);
    assert!(judge(&named, &set(&[&one, &other])).is_ok());
    let header = json!({ "alg": "ES256" });
    let unnamed = forged(&header, &json!({}), |text| {
        // Signed by the first key, without its name.
        one.sign_text(text)
    });
    assert!(judge(&unnamed, &set(&[&one])).is_ok());
    assert_eq!(judge(&unnamed, &set(&[&one, &other])).unwrap_err(), JoseError::UnknownKey);
}

/// Encrypts as RFC 7516 and RFC 7518, section 5.2, say, with RSA-OAEP-256 and A256CBC-HS512.
fn sealed(key: &PrivateDecryptingKey, text: &str, header: &Value) -> String {
    let content_key = [7_u8; 64];
    let wrapping = OaepPublicEncryptingKey::new(key.public_key()).unwrap();
    let mut wrapped = vec![0; wrapping.ciphertext_size()];
    let wrapped = wrapping.encrypt(&OAEP_SHA256_MGF1SHA256, &content_key, &mut wrapped, None).unwrap().to_vec();
    let cipher = PaddedBlockEncryptingKey::cbc_pkcs7(UnboundCipherKey::new(&AES_256, &content_key[32..]).unwrap());
    let iv = [9_u8; 16];
    let mut bytes = text.as_bytes().to_vec();
    let context = EncryptionContext::Iv128(FixedLength::from(iv));
    cipher.unwrap().less_safe_encrypt(&mut bytes, context).unwrap();
    let header = encode(header.to_string());
    let covered = [header.as_bytes(), &iv, &bytes, &(header.len() as u64 * 8).to_be_bytes()].concat();
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA512, &content_key[..32]), &covered);
    [header, encode(wrapped), encode(iv), encode(bytes), encode(&tag.as_ref()[..32])].join(".")
}

#[test]
fn what_is_encrypted_for_us_opens_and_nothing_may_be_changed() {
    let (pem, key) = rsa_pem(KeySize::Rsa2048);
    let ours = DecryptionKey::from_pem(pem.as_bytes()).unwrap();
    let header = json!({ "alg": "RSA-OAEP-256", "enc": "A256CBC-HS512" });
    let token = sealed(&key, "il testo", &header);
    assert_eq!(ours.open(&token).unwrap(), "il testo");
    let parts: Vec<&str> = token.split('.').collect();
    for place in 1..5 {
        let mut bytes = decode(parts[place]).unwrap();
        bytes[0] ^= 1;
        let changed = encode(bytes);
        let mut spoiled = parts.clone();
        spoiled[place] = &changed;
        assert_eq!(ours.open(&spoiled.join(".")), Err(JoseError::Sealed), "part {place}");
    }
    for header in [
        json!({ "alg": "RSA1_5", "enc": "A256CBC-HS512" }),
        json!({ "alg": "dir", "enc": "A256CBC-HS512" }),
        json!({ "alg": "RSA-OAEP-256", "enc": "A192CBC-HS384" }),
        json!({ "alg": "RSA-OAEP-256", "enc": "A256CBC-HS512", "zip": "DEF" }),
        json!({ "alg": "RSA-OAEP-256", "enc": "A256CBC-HS512", "crit": ["x"] }),
    ] {
        assert_eq!(ours.open(&sealed(&key, "x", &header)), Err(JoseError::Algorithm), "{header}");
    }
    let other = DecryptionKey::from_pem(rsa_pem(KeySize::Rsa2048).0.as_bytes()).unwrap();
    assert_eq!(other.open(&token), Err(JoseError::Sealed));
}

#[test]
fn secrets_are_not_printed() {
    let key = curve_key();
    assert!(!format!("{key:?}").contains('{'));
    let opening = DecryptionKey::from_pem(rsa_pem(KeySize::Rsa2048).0.as_bytes()).unwrap();
    assert_eq!(format!("{opening:?}"), "DecryptionKey(***)");
    assert!(matches!(SigningKey::from_pem(b"nothing"), Err(JoseError::Key(_))));
}

proptest! {
    /// Whatever comes, the parser answers, and believes nothing.
    #[test]
    fn no_text_makes_the_parser_fail_otherwise(text in any::<String>()) {
        prop_assert!(Signed::parse(&text).is_err());
    }

    /// The same for texts of the right shape.
    #[test]
    fn no_token_of_arbitrary_parts_is_believed(
        header in any::<Vec<u8>>(), payload in any::<Vec<u8>>(), signature in any::<Vec<u8>>(),
    ) {
        let token = format!("{}.{}.{}", encode(header), encode(payload), encode(signature));
        prop_assert!(Signed::parse(&token).is_err());
    }

    /// A well-formed token of another's key is never believed, nor is a good one with a byte changed.
    #[test]
    fn no_change_of_a_good_token_is_believed(place in 0_usize..200, byte in b'A'..=b'Z') {
        let key = curve_key();
        let token = key.sign("JWT", &json!({ "sub": "a", "exp": 1 }));
        let mut changed = token.clone().into_bytes();
        let place = place % changed.len();
        prop_assume!(changed[place] != byte);
        changed[place] = byte;
        let changed = String::from_utf8(changed).unwrap();
        let believed = judge(&changed, &set(&[&key]));
        // The last character of a part may hold unused bits; the strict reader refuses those too.
        prop_assert!(believed.is_err(), "{changed}");
    }

    #[test]
    fn no_text_opens(text in "[A-Za-z0-9_.-]{0,300}") {
        use std::sync::LazyLock;
        static KEY: LazyLock<DecryptionKey> =
            LazyLock::new(|| DecryptionKey::from_pem(rsa_pem(KeySize::Rsa2048).0.as_bytes()).unwrap());
        prop_assert!(KEY.open(&text).is_err());
    }
}
