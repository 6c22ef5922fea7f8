//! `tempi demo`: a synthetic city through all three stages, then the site on loopback.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use analytics::plan::{ReleasePlan, WeightPlan};
use analytics::public_use::{self, PublicUseError, PublicUseRules};
use analytics::synthetic::{self, City, CityOptions};
use anyhow::{Context, bail};
use chrono::Days;
use questionnaires::Label;
use reports::Edition;
use reports::opendata::Catalogue;
use serde_json::json;
use survey_server::access::officer::OfficerAccess;
use survey_server::access::simulated::{CardFiles, Demonstration, grant_roles};
use survey_server::app::SessionLifetime;
use survey_server::clock::{Clock, SystemClock, italian_time};
use survey_server::config::{
    AuthoritiesConfig, Config, Listener, ProxyConfig, QuestionnairesConfig, ReleasesConfig, RetentionConfig, TlsFiles,
};
use survey_server::demonstration::{self, Person};
use survey_server::residents::admission::ParticipationPolicy;
use survey_server::serve::{Server, open_database};
use survey_server::snapshot::{self, ExportOptions};
use survey_server::survey::SurveyConfig;
use survey_server::web::rate_limit::RateLimits;

use super::{analyse, publish, server::stop_asked};
use crate::arguments::DemoArguments;
use crate::progress::Progress;

/// Makes the city if it is not there yet, and serves it until Ctrl-C.
pub async fn run(arguments: &DemoArguments) -> anyhow::Result<()> {
    let folder = Folder::open(arguments)?;
    let config = folder.config(arguments)?;
    if !folder.is_complete() {
        make(&folder, &config, arguments).await?;
    }
    let Some(permission) = Demonstration::on_loopback(config.public.address) else {
        bail!("the demonstration runs on loopback only");
    };
    let (database, keys) = open_database(&config).await?;
    grant_roles(&database, &keys, SystemClock.now()).await?;
    database.close().await?;
    let server = Server::bind(config, Arc::new(SystemClock), Some(permission)).await?;
    println!("\nThe demonstration is ready. All its people and figures are invented.\n");
    println!("  Site            {}", server.public_url());
    println!("  Results         {}/risultati/", server.public_url());
    println!("  Simulated card  {}/accesso/simulato", server.public_url());
    println!("  Card listener   {}", server.card_url());
    println!("  Card files      {}", folder.path("certificates/cards").display());
    println!("\nYour browser warns of the certificate, which was made here: go on. Ctrl-C ends the demonstration.");
    server.run(stop_asked()).await?;
    println!("The demonstration ended. Its files stay in {}.", folder.root.display());
    Ok(())
}

/// The three stages, after the city.
async fn make(folder: &Folder, config: &Config, arguments: &DemoArguments) -> anyhow::Result<()> {
    let now = SystemClock.now();
    let today = italian_time(now).date();
    let mut progress = Progress::new();
    progress.step("Making a synthetic city");
    let city = synthetic::city(&CityOptions {
        n_persons: arguments.persons as usize,
        seed: arguments.seed,
        first_date: today.checked_sub_days(Days::new(35)).context("a date before today")?,
    });
    fs::write(folder.path("margins.csv"), city.margins_csv()).context("cannot write the margins")?;
    progress.step("Handing in its diaries");
    let (database, keys) = open_database(config).await?;
    demonstration::load(&database, &people(city), now).await?;
    progress.step("Exporting the snapshot");
    let options = ExportOptions {
        as_of: now,
        purpose: snapshot::USUAL_PURPOSE.to_owned(),
        synthetic: true,
        title: Label::new("Indagine sull'uso del tempo", "Time use survey"),
        population: Label::new("Persone di 10 anni e più", "People aged 10 and over"),
        who: config.participation.who,
        sampled_only: false,
        with_texts: false,
    };
    snapshot::export(&database, &keys, &folder.path("snapshot"), &options).await?;
    database.close().await?;
    progress.finish();
    let weights = WeightPlan { margins: Some(folder.path("margins.csv")), ..WeightPlan::default() };
    let plan = ReleasePlan::new(folder.path("snapshot"), folder.path("estimates"));
    let plan = ReleasePlan { weights, ..plan };
    analyse::with_progress(&plan)?;
    let public_use = public_use(&plan, folder.path("puf"))?;
    let edition = Edition::new(1, today, Label::new(config.municipality.clone(), &config.municipality));
    let estimates = folder.path("estimates");
    let sources =
        publish::Sources { estimates: &estimates, public_use: public_use.as_deref(), catalogue: &Catalogue::default() };
    publish::with_progress(&sources, &folder.path("site").join("1"), &edition, None)?;
    folder.complete(arguments)
}

/// The public-use file of the city; none where a city of few people cannot pass its check.
fn public_use(plan: &ReleasePlan, output: PathBuf) -> anyhow::Result<Option<PathBuf>> {
    match public_use::write(plan, PublicUseRules::default(), &output) {
        Ok(_) => Ok(Some(output)),
        Err(PublicUseError::Refused(_) | PublicUseError::TooFewClusters(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn people(city: City) -> Vec<Person> {
    city.persons.into_iter().map(|person| Person { answers: person.answers, diaries: person.diaries.into() }).collect()
}

/// The demonstration's folder; a marker says that the city in it is complete, and which one it is.
struct Folder {
    root: PathBuf,
    complete: bool,
}

const MARKER: &str = "demonstration.json";

impl Folder {
    /// Opens the folder, emptied when it holds another or an unfinished city. Refuses a folder of anything else.
    fn open(arguments: &DemoArguments) -> anyhow::Result<Folder> {
        let root = arguments.folder.clone();
        let marker = fs::read_to_string(root.join(MARKER)).ok();
        let complete = marker.as_deref() == Some(description(arguments, true).as_str()) && !arguments.fresh;
        if !complete && root.exists() {
            let is_empty = fs::read_dir(&root).is_ok_and(|mut entries| entries.next().is_none());
            if marker.is_none() && !is_empty {
                bail!("{} holds something else: name another folder with --folder", root.display());
            }
            fs::remove_dir_all(&root).with_context(|| format!("cannot empty {}", root.display()))?;
        }
        fs::create_dir_all(&root).with_context(|| format!("cannot make {}", root.display()))?;
        let folder = Folder { root, complete };
        if !complete {
            folder.mark(&description(arguments, false))?;
        }
        Ok(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    fn is_complete(&self) -> bool {
        self.complete
    }

    fn complete(&self, arguments: &DemoArguments) -> anyhow::Result<()> {
        self.mark(&description(arguments, true))
    }

    fn mark(&self, text: &str) -> anyhow::Result<()> {
        fs::write(self.path(MARKER), text).with_context(|| format!("cannot write in {}", self.root.display()))
    }

    /// The configuration of the demonstration: generated certificates, loopback addresses, files in the folder.
    fn config(&self, arguments: &DemoArguments) -> anyhow::Result<Config> {
        let files = CardFiles::prepare(&self.path("certificates"), SystemClock.now())?;
        let listener = |port: u16| Listener {
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
            url: format!("https://localhost:{port}"),
            tls: Some(TlsFiles { certificate: files.server_certificate.clone(), key: files.server_key.clone() }),
            behind_proxy: false,
        };
        Ok(Config {
            site_name: "Tempi".to_owned(),
            municipality: "Comune di Fiorenzuola Immaginaria".to_owned(),
            publication: Some(self.path("site")),
            public: listener(arguments.port),
            card: listener(arguments.card_port),
            proxy: ProxyConfig::default(),
            authorities: AuthoritiesConfig::of_folder(files.trust_anchors),
            database_url: database_url(&self.path("tempi.sqlite"))?,
            key_file: self.path("master.key"),
            master_key: None,
            session_lifetime: SessionLifetime::default(),
            officers: OfficerAccess::default(),
            participation: ParticipationPolicy::default(),
            rate_limits: RateLimits::default(),
            survey: SurveyConfig::default(),
            questionnaires: QuestionnairesConfig::default(),
            releases: ReleasesConfig { folder: Some(self.path("releases")), ..ReleasesConfig::default() },
            retention: RetentionConfig::default(),
            outbound_roots: None,
            providers: Vec::new(),
            federation: None,
            openid: None,
        })
    }
}

fn database_url(path: &Path) -> anyhow::Result<String> {
    let absolute = std::path::absolute(path).context("the folder has no absolute path")?;
    Ok(format!("sqlite://{}", absolute.display()))
}

fn description(arguments: &DemoArguments, complete: bool) -> String {
    json!({
        "version": env!("CARGO_PKG_VERSION"),
        "persons": arguments.persons,
        "seed": arguments.seed,
        "complete": complete,
    })
    .to_string()
}
