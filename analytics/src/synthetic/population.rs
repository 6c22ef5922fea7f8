//! Who lives in the city: households of a few Italian shapes, their members and what each does in life.
//! The sample asks families and old people living alone too often on purpose, so that weighting matters.

use super::random::Random;
use super::shaping::{Profile, Sex};

/// What ties a household together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HouseholdType {
    /// One person.
    Single,
    /// A couple without children at home.
    Couple,
    /// A couple with children.
    CoupleWithChildren,
    /// One parent with children.
    SingleParent,
    /// A couple, or one of it, with an old parent.
    WithOldParent,
}

/// A member's place in the household.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// One of the couple, the single parent, or the person living alone.
    Head,
    /// A son or daughter.
    Child,
    /// Mother or father of a head.
    OldParent,
}

/// What somebody mainly does, with the detail that shapes a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occupation {
    /// Employed full-time.
    FullTime,
    /// Employed part-time.
    PartTime,
    /// Looking for work.
    Unemployed,
    /// At school or university.
    Student,
    /// Looking after home and family.
    Homemaker,
    /// Retired.
    Retired,
    /// Unable to work, or something else.
    Other,
}

impl Occupation {
    /// Whether the person has paid work.
    pub fn is_employed(self) -> bool {
        matches!(self, Occupation::FullTime | Occupation::PartTime)
    }
}

/// A member of a household, of any age.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    /// Sex.
    pub sex: Sex,
    /// Completed years.
    pub age: i64,
    /// Place in the household.
    pub role: Role,
    /// Main occupation; children below school age count as students.
    pub occupation: Occupation,
}

impl Member {
    /// The column of the official tables that describes this person's days.
    pub fn profile(&self) -> Profile {
        match self.occupation {
            Occupation::FullTime => Profile::FullTime,
            Occupation::PartTime => Profile::PartTime,
            _ if self.age <= 20 => Profile::Pupil,
            Occupation::Student => Profile::Student,
            _ if self.age >= 65 => Profile::Elderly,
            Occupation::Unemployed => Profile::Unemployed,
            Occupation::Homemaker => Profile::Homemaker,
            Occupation::Retired => Profile::Retired,
            Occupation::Other => Profile::Other,
        }
    }
}

/// A household with all its members, also those too young to answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Household {
    /// Its shape.
    pub kind: HouseholdType,
    /// Everybody in it.
    pub members: Vec<Member>,
    /// Zone of the city; `outside` for city users, of whom only the first member uses the city and answers.
    pub zone: &'static str,
}

/// Age from which people answer.
pub const FIRST_AGE: i64 = 10;

const ZONES: [&str; 5] = ["centro", "nord", "est", "sud", "ovest"];

/// Who lives where: many people alone in the centre, families in the outer quarters; 16, 24, 22, 20 and 18% of households
/// together.
fn zone_weights(kind: HouseholdType) -> [f64; 5] {
    match kind {
        HouseholdType::Single => [0.27, 0.18, 0.2, 0.16, 0.19],
        HouseholdType::Couple => [0.17, 0.22, 0.22, 0.19, 0.2],
        HouseholdType::CoupleWithChildren => [0.08, 0.3, 0.22, 0.23, 0.17],
        HouseholdType::SingleParent => [0.12, 0.2, 0.3, 0.24, 0.14],
        HouseholdType::WithOldParent => [0.12, 0.24, 0.24, 0.2, 0.2],
    }
}

/// Share of households whose respondent lives outside and comes in to work or study: many, so that they can be
/// told apart.
const CITY_USERS: f64 = 0.15;

impl Household {
    /// A household drawn from the sample's mixture.
    pub fn draw(random: &mut Random) -> Household {
        if random.happens(CITY_USERS) {
            return city_user(random);
        }
        // Single under 65, single over, couple under 65, couple over, couple with children, one parent, old parent.
        let kind = random.pick(&[0.12, 0.15, 0.09, 0.12, 0.41, 0.07, 0.04]).unwrap_or(0);
        let (kind, members) = match kind {
            0 => {
                let (sex, age) = (sex(random, 0.45), random.between(25, 64));
                (HouseholdType::Single, vec![adult(random, sex, age, Role::Head)])
            }
            1 => {
                let (sex, age) = (sex(random, 0.76), random.between(65, 90));
                (HouseholdType::Single, vec![adult(random, sex, age, Role::Head)])
            }
            2 => {
                let age = random.between(26, 63);
                (HouseholdType::Couple, couple(random, age))
            }
            3 => {
                let age = random.between(65, 82);
                (HouseholdType::Couple, couple(random, age))
            }
            4 => family(random, true),
            5 => family(random, false),
            _ => {
                let age = random.between(42, 62);
                let mut members = couple(random, age);
                let (sex, parent_age) = (sex(random, 0.78), (age + random.between(24, 34)).min(95));
                members.push(adult(random, sex, parent_age, Role::OldParent));
                (HouseholdType::WithOldParent, members)
            }
        };
        let zone = ZONES[random.pick(&zone_weights(kind)).unwrap_or(0)];
        Household { kind, members, zone }
    }

    /// The members who answer.
    pub fn respondents(&self) -> impl Iterator<Item = &Member> {
        let limit = if self.zone == "outside" { 1 } else { self.members.len() };
        self.members.iter().take(limit).filter(|member| member.age >= FIRST_AGE)
    }

    /// Ages of the sons and daughters at home, oldest first.
    pub fn children_ages(&self) -> Vec<i64> {
        self.members.iter().filter(|member| member.role == Role::Child).map(|member| member.age).collect()
    }

    /// Whether two of its members are a couple.
    pub fn has_couple(&self) -> bool {
        self.members.iter().filter(|member| member.role == Role::Head).count() == 2
    }
}

fn city_user(random: &mut Random) -> Household {
    let (sex, age) = (sex(random, 0.46), random.between(20, 62));
    let mut first = adult(random, sex, age, Role::Head);
    if first.occupation != Occupation::Student {
        first.occupation =
            if sex == Sex::F && random.happens(0.3) { Occupation::PartTime } else { Occupation::FullTime };
    }
    let mut members = vec![first];
    let kind = if random.happens(0.5) {
        members.push(adult(random, opposite(sex), age, Role::Head));
        HouseholdType::Couple
    } else {
        HouseholdType::Single
    };
    Household { kind, members, zone: "outside" }
}

fn sex(random: &mut Random, share_women: f64) -> Sex {
    if random.happens(share_women) { Sex::F } else { Sex::M }
}

fn opposite(sex: Sex) -> Sex {
    match sex {
        Sex::F => Sex::M,
        Sex::M => Sex::F,
    }
}

fn couple(random: &mut Random, woman_age: i64) -> Vec<Member> {
    let man_age = (woman_age + random.between(-2, 7)).max(20);
    vec![adult(random, Sex::F, woman_age, Role::Head), adult(random, Sex::M, man_age, Role::Head)]
}

fn family(random: &mut Random, two_parents: bool) -> (HouseholdType, Vec<Member>) {
    let mother_age = random.between(29, 59);
    let mut members = couple(random, mother_age);
    if !two_parents {
        let leaver = if random.happens(0.83) { 1 } else { 0 };
        members.remove(leaver);
    }
    let n_children = 1 + random.pick(&[0.46, 0.43, 0.11]).unwrap_or(0) as i64;
    let age_at_first = random.between(23, 34).min(mother_age);
    let mut age = mother_age - age_at_first;
    for _ in 0..n_children {
        if (0..=29).contains(&age) {
            let sex = sex(random, 0.485);
            members.push(adult(random, sex, age, Role::Child));
        }
        age -= random.between(2, 4);
    }
    let has_children = members.iter().any(|member| member.role == Role::Child);
    let kind = match (two_parents, has_children) {
        (true, true) => HouseholdType::CoupleWithChildren,
        (true, false) => HouseholdType::Couple,
        (false, true) => HouseholdType::SingleParent,
        (false, false) => HouseholdType::Single,
    };
    (kind, members)
}

fn adult(random: &mut Random, sex: Sex, age: i64, role: Role) -> Member {
    Member { sex, age, role, occupation: occupation(random, sex, age) }
}

/// Labour status by sex and age, about as in the labour force survey of the tables' years (2008-09).
fn occupation(random: &mut Random, sex: Sex, age: i64) -> Occupation {
    use Occupation::{FullTime, Homemaker, Other, PartTime, Retired, Student, Unemployed};
    const STATUSES: [Occupation; 7] = [FullTime, PartTime, Unemployed, Student, Homemaker, Retired, Other];
    let weights: [f64; 7] = match (sex, age) {
        (_, ..=15) => return Student,
        (Sex::F, 16..=19) => [0.04, 0.02, 0.06, 0.88, 0.0, 0.0, 0.0],
        (Sex::M, 16..=19) => [0.1, 0.01, 0.06, 0.83, 0.0, 0.0, 0.0],
        (Sex::F, 20..=24) => [0.22, 0.08, 0.15, 0.5, 0.04, 0.0, 0.01],
        (Sex::M, 20..=24) => [0.38, 0.03, 0.17, 0.41, 0.0, 0.0, 0.01],
        (Sex::F, 25..=44) => [0.36, 0.17, 0.12, 0.04, 0.3, 0.0, 0.01],
        (Sex::M, 25..=44) => [0.81, 0.04, 0.1, 0.04, 0.0, 0.0, 0.01],
        (Sex::F, 45..=64) => [0.28, 0.11, 0.04, 0.0, 0.38, 0.16, 0.03],
        (Sex::M, 45..=64) => [0.68, 0.03, 0.06, 0.0, 0.002, 0.2, 0.028],
        (Sex::F, _) => [0.01, 0.005, 0.0, 0.0, 0.27, 0.68, 0.035],
        (Sex::M, _) => [0.05, 0.01, 0.0, 0.0, 0.0, 0.93, 0.01],
    };
    STATUSES[random.pick(&weights).unwrap_or(0)]
}
