"""`python -m relmgr_cli`: the same program without the installed script."""

import sys

if __name__ == "__main__":
    # `-m` puts the current folder first: a cloned repository with a yaml.py in it would be run.
    # Installed code never needs that entry; a checkout is found through it, so it goes to the end.
    sys.path.append(sys.path.pop(0))
    from relmgr_cli.cli.main import run

    run()
