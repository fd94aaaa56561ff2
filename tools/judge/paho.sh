#!/bin/sh
# Runs the interoperability tests of a checkout of eclipse/paho.mqtt.testing against the
# broker profile: paho.sh TWINRIG CHECKOUT. Each of the two suites gets a broker of its own,
# on a free port of the loopback. The last line of each is its result.
set -eu
twinrig=$(realpath "$1")
suites=$(realpath "$2")/interoperability
work=$(mktemp -d)
trap 'kill $(cat "$work"/*.pid) 2>/dev/null; wait; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# What the suites expect to be set up: a filter nobody may subscribe to, and keep-alives cut.
cat >"$work/acl" <<'RULES'
topic readwrite #
topic readwrite $client_test5/#
topic readwrite $TopicA/#
topic deny test/nosubscribe
RULES

# The suites leave their options to unittest, which does not know them.
cat >"$work/run.py" <<'PYTHON'
import runpy, sys, unittest, warnings
main = unittest.main
unittest.main = lambda: main(argv=sys.argv[:1], warnings="ignore")
warnings.simplefilter("ignore")
sys.argv, sys.path[0] = sys.argv[1:], "."
runpy.run_path(sys.argv[0], run_name="__main__")
PYTHON

judge() { # suite
	"$twinrig" hub --profile broker --acl-file "$work/acl" --max-keep-alive 60s --data "$work/$1.data" \
		--plain-port 0 --mqtt-port 0 --https-port 0 >"$work/$1.out" 2>"$work/$1.err" &
	echo $! >"$work/$1.pid"
	port=
	for _ in $(seq 50); do
		port=$(sed -n 's/.*mqtt:.*:\([0-9]*\)$/\1/p' "$work/$1.out")
		[ -z "$port" ] || break
		sleep 0.2
	done
	[ -n "$port" ] || { cat "$work/$1.err"; return 1; }
	(cd "$suites" && timeout 400 python3 "$work/run.py" "$1.py" --hostname=127.0.0.1 -p "$port") >"$work/$1.log" 2>&1
}

failed=0
judge client_test & first=$!
judge client_test5 & second=$!
wait $first || failed=1
wait $second || failed=1
for suite in client_test client_test5; do
	echo "== $suite"
	[ $failed = 0 ] || cat "$work/$suite.log" "$work/$suite.err"
	tail -n 3 "$work/$suite.log"
done
exit $failed
