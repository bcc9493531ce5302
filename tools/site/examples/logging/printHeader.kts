sc.logging.printHeader()
