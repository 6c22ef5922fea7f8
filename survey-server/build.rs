//! Collects the design system from `web/node_modules`, our own files from `web/static` and the scripts that
//! `web/build.mjs` made in `web/dist`, compresses them, and writes the table that `src/web/assets.rs` includes.

use std::{
    env, fs,
    io::Write,
    path::{Path, PathBuf},
    process::exit,
};

use flate2::{Compression, write::GzEncoder};
use ring::digest::{Context, SHA256};

/// Path under `bootstrap-italia/dist`, path under which it is served.
const DESIGN_SYSTEM: &[(&str, &str)] = &[
    ("css/bootstrap-italia.min.css", "css/bootstrap-italia.min.css"),
    ("svg/sprites.svg", "svg/sprites.svg"),
    ("fonts/Titillium_Web/titillium-web-v10-latin-ext_latin-300.woff2", "fonts/titillium-web-300.woff2"),
    ("fonts/Titillium_Web/titillium-web-v10-latin-ext_latin-regular.woff2", "fonts/titillium-web-400.woff2"),
    ("fonts/Titillium_Web/titillium-web-v10-latin-ext_latin-600.woff2", "fonts/titillium-web-600.woff2"),
    ("fonts/Titillium_Web/titillium-web-v10-latin-ext_latin-700.woff2", "fonts/titillium-web-700.woff2"),
    ("fonts/Titillium_Web/OFL.txt", "fonts/OFL.txt"),
];

fn main() {
    let package = PathBuf::from(variable("CARGO_MANIFEST_DIR"));
    let out = PathBuf::from(variable("OUT_DIR"));
    let design_system = package.join("web/node_modules/bootstrap-italia/dist");
    let own = [package.join("web/static"), package.join("web/dist")];
    for folder in &own {
        println!("cargo::rerun-if-changed={}", folder.display());
    }
    println!("cargo::rerun-if-changed={}", package.join("web/package-lock.json").display());
    println!("cargo::rerun-if-changed={}", design_system.display());
    if let Some(folder) = own.iter().chain([&design_system]).find(|folder| !folder.is_dir()) {
        eprintln!("What browsers get is missing: {} does not exist.", folder.display());
        eprintln!("Run `make assets` (it runs `npm ci` and `npm run build` in survey-server/web), then build again.");
        exit(1);
    }

    let mut files: Vec<(String, Vec<u8>)> =
        DESIGN_SYSTEM.iter().map(|(from, to)| ((*to).to_owned(), read(&design_system.join(from)))).collect();
    for folder in &own {
        for entry in fs::read_dir(folder).unwrap_or_else(|error| stop(folder, &error)).flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if !name.starts_with('.') {
                files.push((name, read(&entry.path())));
            }
        }
    }
    files.sort();

    let mut hash = Context::new(&SHA256);
    let mut table = String::from("static ASSETS: &[Asset] = &[\n");
    for (number, (path, content)) in files.iter().enumerate() {
        hash.update(path.as_bytes());
        hash.update(content);
        let plain = out.join(format!("asset-{number}"));
        write(&plain, content);
        let gzip = match path.ends_with(".woff2") || path.ends_with(".png") {
            true => "None".to_owned(),
            false => {
                let compressed = out.join(format!("asset-{number}.gz"));
                write(&compressed, &gzip(content));
                format!("Some(include_bytes!({compressed:?}))")
            }
        };
        let kind = content_type(path);
        table += &format!(
            "    Asset {{ path: {path:?}, content_type: {kind:?}, plain: include_bytes!({plain:?}), gzip: {gzip} }},\n"
        );
    }
    let digest: String = hash.finish().as_ref()[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    table += &format!("];\n\nconst ASSETS_HASH: &str = {digest:?};\n");
    write(&out.join("assets.rs"), table.as_bytes());
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        Some("png") => "image/png",
        _ => "text/plain; charset=utf-8",
    }
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let written = encoder.write_all(content).and_then(|()| encoder.finish());
    written.unwrap_or_else(|error| stop(Path::new("memory"), &error))
}

fn read(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|error| stop(path, &error))
}

fn write(path: &Path, content: &[u8]) {
    fs::write(path, content).unwrap_or_else(|error| stop(path, &error));
}

fn stop<T>(path: &Path, error: &std::io::Error) -> T {
    eprintln!("{}: {error}", path.display());
    exit(1)
}

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| {
        eprintln!("{name} is not set: build with cargo");
        exit(1)
    })
}
