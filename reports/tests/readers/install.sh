#!/usr/bin/env bash
# Installs the readers of feeds, calendars and PDFs that the tests ask, pinned, in a place of its own beside this file.
set -euo pipefail
cd "$(dirname "$0")"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check -r requirements.txt
