sc.logging.printVersionAndDate()
