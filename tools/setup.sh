#!/bin/sh
# Installs what the tests need besides Go: Node.js packages for the Azure SDKs, the
# clients of mosquitto, paho for Python, Chromium for the report and an emulator to compare the models'
# bits on arm64 (60 MB to fetch). What cannot be installed is named; the tests that
# need it skip and say so (with CI=true they fail instead).
set -u
cd "$(dirname "$0")/.."

say() { printf 'setup: %s\n' "$*"; }

apt_install() { # command package…
	case $1 in
	paho-for-python) /usr/bin/python3 -c 'import paho.mqtt.client' 2>/dev/null && return ;;
	*) command -v "$1" >/dev/null 2>&1 && return ;;
	esac
	cmd=$1; shift
	if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
		say "installing $*"
		{ apt-get install -y -qq "$@" || { apt-get update -qq && apt-get install -y -qq "$@"; }; } >/dev/null 2>&1 && return
	fi
	say "$cmd is missing and its tests will be skipped. Run: sudo apt-get install $*"
}

apt_install node nodejs npm
apt_install chromium chromium
apt_install systemd-analyze systemd
apt_install mosquitto_pub mosquitto-clients
apt_install paho-for-python python3-paho-mqtt
apt_install qemu-aarch64-static --no-install-recommends qemu-user-static

if command -v npm >/dev/null 2>&1; then
	if ! (cd e2e && npm ci --silent --no-audit --no-fund >/dev/null 2>&1); then
		say "the Node.js packages could not be installed and the tests with Azure's SDKs will be skipped. Run: cd e2e && npm ci"
	fi
fi
exit 0
