sc.logging.printVersions()
