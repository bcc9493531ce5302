sc.logging.warning("few cells")
