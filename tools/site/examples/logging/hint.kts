sc.settings.verbosity = 3
sc.logging.hint("more")
