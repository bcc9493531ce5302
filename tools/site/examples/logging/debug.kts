sc.settings.verbosity = 4
sc.logging.debug("even more")
