sc.help("pp.log1p")
