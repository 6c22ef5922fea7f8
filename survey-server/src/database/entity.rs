//! The tables. Instants are whole seconds since 1970 in UTC; digests are hexadecimal text. The tables of who people are
//! (identity, session, ticket, consent, audit_log) know participants; those of what they told (response, answer, diary and
//! below) know respondents; nothing but a survey's key leads from one to the other.

pub(crate) mod answer;
pub(crate) mod assistance;
pub(crate) mod audit_head;
pub(crate) mod audit_log;
pub(crate) mod city_user;
pub(crate) mod consent;
pub(crate) mod dangerous_act;
pub(crate) mod data_key;
pub(crate) mod diary;
pub(crate) mod diary_confirmation;
pub(crate) mod diary_episode;
pub(crate) mod federation_attempt;
pub(crate) mod household_code;
pub(crate) mod household_member;
pub(crate) mod identity;
pub(crate) mod installation;
pub(crate) mod instrument_version;
pub(crate) mod officer_grant;
pub(crate) mod paper_form;
pub(crate) mod paradata;
pub(crate) mod paradata_consent;
pub(crate) mod provider_agreement;
pub(crate) mod provider_code;
pub(crate) mod provider_statement;
pub(crate) mod provider_token;
pub(crate) mod register_extract;
pub(crate) mod release;
pub(crate) mod resident;
pub(crate) mod response;
pub(crate) mod sample;
pub(crate) mod sampled_person;
pub(crate) mod session;
pub(crate) mod survey;
pub(crate) mod ticket;
