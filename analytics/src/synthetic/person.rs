//! A respondent's circumstances, drawn once and then told twice: as answers to the questionnaires, and as the
//! frame of the days.

use questionnaires::{Answer, Answers};

use super::population::{Household, HouseholdType, Member, Occupation, Role};
use super::random::Random;
use super::shaping::Sex;

/// How working hours lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkPattern {
    /// By day, Monday to Friday.
    FixedDaytime,
    /// The person chooses when.
    Flexible,
    /// Early and late turns.
    Shifts,
    /// Mostly evenings.
    Evenings,
    /// Weekends too, with a long midday break: shops and services.
    Weekends,
}

impl WorkPattern {
    const ALL: [WorkPattern; 5] = [
        WorkPattern::FixedDaytime,
        WorkPattern::Flexible,
        WorkPattern::Shifts,
        WorkPattern::Evenings,
        WorkPattern::Weekends,
    ];

    fn code(self) -> &'static str {
        match self {
            WorkPattern::FixedDaytime => "fixed_daytime",
            WorkPattern::Flexible => "flexible",
            WorkPattern::Shifts => "shifts",
            WorkPattern::Evenings => "nights",
            WorkPattern::Weekends => "weekends",
        }
    }
}

/// Where work or study is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Workplace {
    /// At home, or nowhere fixed.
    Home,
    /// In the municipality where the person lives.
    SameMunicipality,
    /// In another municipality.
    OtherMunicipality,
}

/// A respondent.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// Sex, age, role, occupation.
    pub member: Member,
    /// Ages of own children at home; empty for those who are nobody's parent there.
    pub children: Vec<i64>,
    /// Whether a partner lives there.
    pub has_partner: bool,
    /// Whether a parent lives there.
    pub has_parent: bool,
    /// Whether somebody else lives there.
    pub has_others: bool,
    /// Whether the person cares for an adult.
    pub cares_for_adult: bool,
    /// Working hours.
    pub work_pattern: WorkPattern,
    /// Place of work or study.
    pub workplace: Workplace,
    /// Usual weekly hours of paid work.
    pub weekly_hours: i64,
}

impl Person {
    /// `member` of `household`, with the circumstances that are the person's own.
    pub fn draw(household: &Household, member: &Member, random: &mut Random) -> Person {
        let is_head = member.role == Role::Head;
        let n_others_of = |role: Role| household.members.iter().filter(|other| other.role == role).count();
        let carer_rate = match (member.role, household.kind, member.sex) {
            (Role::Head, HouseholdType::WithOldParent, Sex::F) => 0.8,
            (Role::Head, HouseholdType::WithOldParent, Sex::M) => 0.4,
            _ if member.age < 30 => 0.02,
            (_, _, Sex::F) => 0.14,
            (_, _, Sex::M) => 0.08,
        };
        let weekly_hours = match (member.occupation, member.sex) {
            (Occupation::FullTime, Sex::F) => random.between(35, 42),
            (Occupation::FullTime, Sex::M) => random.between(36, 50),
            _ => random.between(16, 30),
        };
        Person {
            member: *member,
            children: if is_head { household.children_ages() } else { Vec::new() },
            has_partner: is_head && household.has_couple(),
            has_parent: member.role == Role::Child || (is_head && n_others_of(Role::OldParent) > 0),
            has_others: match member.role {
                Role::Head => household.children_ages().iter().any(|age| *age >= 18),
                Role::Child => n_others_of(Role::Child) > 1,
                Role::OldParent => true,
            },
            cares_for_adult: random.happens(carer_rate),
            work_pattern: WorkPattern::ALL[random.pick(&[0.44, 0.18, 0.17, 0.04, 0.17]).unwrap_or(0)],
            workplace: workplace(household, member, random),
            weekly_hours,
        }
    }

    /// Whether a child up to 17 years of the person lives there.
    pub fn has_minor_child(&self) -> bool {
        self.children.iter().any(|age| *age < 18)
    }

    /// Whether a child under 14 of the person lives there.
    pub fn has_young_child(&self) -> bool {
        self.children.iter().any(|age| *age < 14)
    }

    /// What the person answers to the individual and the household questionnaire.
    pub fn answers(&self, household: &Household, random: &mut Random) -> Answers {
        let member = &self.member;
        let mut answers = Answers::default();
        let mut choose = |question: &str, value: &str| answers.set(question, Answer::Choice(value.to_owned()));
        let (usual_gender, citizenship) = (random.uniform(), random.pick(&[0.91, 0.03, 0.06]).unwrap_or(0));
        choose("sex", member.sex.code());
        choose("gender", gender(member.sex, usual_gender));
        choose("citizenship", ["italian", "other_eu", "non_eu"][citizenship]);
        choose("zone", household.zone);
        choose("work_status", self.work_status());
        choose("study", self.study());
        choose("cares_for_adult", if self.cares_for_adult { "yes" } else { "no" });
        choose("paid_help", if random.happens(0.08) { "yes" } else { "no" });
        if member.occupation.is_employed() {
            choose("work_pattern", self.work_pattern.code());
        }
        if member.occupation.is_employed() || member.occupation == Occupation::Student {
            choose("commutes", self.commutes());
        }
        if household.members.len() > 1 {
            choose("household_type", household_type(household.kind));
        }
        let mut count = |question: &str, number: i64| answers.set(question, Answer::Number(number));
        count("age", member.age);
        count("household_size", household.members.len() as i64);
        if household.members.len() > 1 {
            let n_minors = household.members.iter().filter(|one| one.age < 18).count();
            count("household_minors", n_minors as i64);
        }
        if member.occupation.is_employed() {
            count("weekly_hours", self.weekly_hours);
        }
        if self.cares_for_adult {
            count("care_hours", random.between(2, 20));
        }
        answers.set("children_ages", Answer::Choices(self.children_age_bands()));
        self.tell_members(household, &mut answers);
        answers
    }

    /// What the person says of everybody else at home. Nothing here is drawn: it follows from who lives there.
    fn tell_members(&self, household: &Household, answers: &mut Answers) {
        // The first member like the person is the person; twins are alike in any case.
        let own_place = household.members.iter().position(|member| *member == self.member);
        let others = household.members.iter().enumerate().filter(|(place, _)| Some(*place) != own_place);
        for (number, (_, other)) in (1..).zip(others) {
            let mut say = |question: &str, answer: Answer| answers.set(format!("members.{number}.{question}"), answer);
            let choice = |value: &str| Answer::Choice(value.to_owned());
            say("member_relation", choice(relation(self.member.role, other.role)));
            say("member_sex", choice(other.sex.code()));
            say("member_age", Answer::Number(other.age));
            say("member_needs_help", choice(if other.role == Role::OldParent { "yes" } else { "no" }));
            if other.age <= 10 {
                let who = if other.age < 6 { "nursery" } else { "school" };
                say("member_childcare", Answer::Choices(vec![who.to_owned()]));
            }
        }
    }

    fn work_status(&self) -> &'static str {
        match self.member.occupation {
            Occupation::FullTime | Occupation::PartTime => "employed",
            Occupation::Unemployed => "unemployed",
            Occupation::Student => "student",
            Occupation::Homemaker => "homemaker",
            Occupation::Retired => "retired",
            Occupation::Other => "other",
        }
    }

    fn study(&self) -> &'static str {
        match (self.member.occupation, self.member.age) {
            (Occupation::Student, ..=18) => "school",
            (Occupation::Student, _) => "university",
            _ => "none",
        }
    }

    fn commutes(&self) -> &'static str {
        match self.workplace {
            Workplace::Home => "no",
            Workplace::SameMunicipality => "same_municipality",
            Workplace::OtherMunicipality => "other_municipality",
        }
    }

    fn children_age_bands(&self) -> Vec<String> {
        const BANDS: [(&str, i64, i64); 5] =
            [("0_2", 0, 2), ("3_5", 3, 5), ("6_10", 6, 10), ("11_13", 11, 13), ("14_17", 14, 17)];
        let has = |low: i64, high: i64| self.children.iter().any(|age| (low..=high).contains(age));
        let bands: Vec<String> =
            BANDS.iter().filter(|(_, low, high)| has(*low, *high)).map(|(name, ..)| (*name).to_owned()).collect();
        if bands.is_empty() { vec!["none".to_owned()] } else { bands }
    }
}

fn gender(sex: Sex, uniform: f64) -> &'static str {
    match (uniform, sex) {
        (..0.004, _) => "non_binary",
        (0.004..0.012, _) => "prefer_not_to_say",
        (_, Sex::F) => "woman",
        (_, Sex::M) => "man",
    }
}

/// Who somebody in role `other` is to somebody in role `own`.
fn relation(own: Role, other: Role) -> &'static str {
    match (own, other) {
        (Role::Head, Role::Head) => "partner",
        (Role::Head, Role::Child) | (Role::OldParent, Role::Head) => "child",
        (Role::Head, Role::OldParent) | (Role::Child, Role::Head) => "parent",
        (Role::Child | Role::OldParent, _) => "relative",
    }
}

fn household_type(kind: HouseholdType) -> &'static str {
    match kind {
        HouseholdType::Couple => "couple",
        HouseholdType::CoupleWithChildren => "couple_with_children",
        HouseholdType::SingleParent => "single_parent",
        HouseholdType::Single | HouseholdType::WithOldParent => "other",
    }
}

fn workplace(household: &Household, member: &Member, random: &mut Random) -> Workplace {
    if household.zone == "outside" {
        return Workplace::OtherMunicipality;
    }
    let (home, other) = match member.occupation {
        Occupation::Student if member.age <= 18 => (0.0, 0.06),
        Occupation::Student => (0.05, 0.5),
        _ => (0.05, 0.3),
    };
    match random.uniform() {
        u if u < home => Workplace::Home,
        u if u < home + other => Workplace::OtherMunicipality,
        _ => Workplace::SameMunicipality,
    }
}
