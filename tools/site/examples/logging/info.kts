sc.settings.verbosity = 2
sc.logging.info("filtered")
