c2v.help("tl.align")
