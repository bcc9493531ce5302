scvi.help("SCVI.train")
