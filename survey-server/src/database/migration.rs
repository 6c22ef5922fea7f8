//! The schema's history, one file per step. A step that has been released is never changed.

use sea_orm_migration::prelude::*;

pub(crate) mod audit_triggers;
mod m0001_access;
mod m0002_participation;
mod m0004_federation;
mod m0005_roles;
mod m0006_audit;
mod m0007_privacy;
mod m0008_residents;
mod m0009_city_users;
mod m0010_people;
mod m0011_paper;
mod m0012_questionnaires;
mod m0013_copied_days;
mod m0014_releases;

/// All steps in order.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_access::Migration),
            Box::new(m0002_participation::Migration),
            Box::new(m0004_federation::Migration),
            Box::new(m0005_roles::Migration),
            Box::new(m0006_audit::Migration),
            Box::new(m0007_privacy::Migration),
            Box::new(m0008_residents::Migration),
            Box::new(m0009_city_users::Migration),
            Box::new(m0010_people::Migration),
            Box::new(m0011_paper::Migration),
            Box::new(m0012_questionnaires::Migration),
            Box::new(m0013_copied_days::Migration),
            Box::new(m0014_releases::Migration),
        ]
    }
}
