sc.logging.error("no cells")
