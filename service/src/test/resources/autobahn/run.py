# Runs wstest out of its jar: jython run.py AUTOBAHN_JAR SPEC
import sys

jar, spec = sys.argv[1], sys.argv[2]
sys.path.insert(0, jar)
sys.argv = ["wstest", "-m", "fuzzingclient", "-s", spec]

from autobahntestsuite.wstest import run

run()
