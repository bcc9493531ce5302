sc.logging.printMemoryUsage()
