#!/bin/sh
# Install what pip cannot: Tesseract with Russian data, and the fonts facsimiles are typed in;
# with the word "browser", Chromium instead, which only the tests of the report need.
set -eu

packages="tesseract-ocr tesseract-ocr-rus fonts-gnutypewriter fonts-freefont-ttf"
# Further typewriter faces: the benchmark sets are typed in them.
packages="$packages fonts-cmu fonts-urw-base35 fonts-liberation"
missing=""

if [ "${1:-}" = browser ]; then
    for name in chromium chromium-browser google-chrome; do
        if command -v "$name" >/dev/null 2>&1; then exit 0; fi
    done
    if ! command -v apt-get >/dev/null 2>&1; then
        echo "Please install Chromium." >&2
        exit 1
    fi
    packages="chromium"
fi

if command -v dpkg-query >/dev/null 2>&1 && command -v apt-get >/dev/null 2>&1; then
    for package in $packages python3-venv; do
        if [ "$package" = python3-venv ] && python3 -c 'import ensurepip, venv' 2>/dev/null; then
            continue
        fi
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
            missing="$missing $package"
    done
    [ -n "$missing" ] || exit 0
    sudo=""
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null 2>&1; then
            echo "Please install (as root): apt-get install$missing" >&2
            exit 1
        fi
        sudo=sudo
    fi
    echo "Installing$missing"
    $sudo apt-get update -qq
    # shellcheck disable=SC2086
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
    exit 0
fi

if ! command -v tesseract >/dev/null 2>&1; then
    echo "Please install Tesseract 5 with its Russian data (rus), and the fonts GNU Typewriter, GNU FreeFont, CMU, URW Base 35 and Liberation." >&2
    exit 1
fi
if ! tesseract --list-langs 2>/dev/null | grep -qx rus; then
    echo "Tesseract is there, its Russian data is not: please install rus.traineddata." >&2
    exit 1
fi
