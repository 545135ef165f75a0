"""PostgreSQL and Valkey for one machine, from the wheels, and the supervisor behind `bin/run`.

Nothing here imports Django: it runs before the settings can be read. Linux only
(`PR_SET_PDEATHSIG` and `/proc`).
"""
