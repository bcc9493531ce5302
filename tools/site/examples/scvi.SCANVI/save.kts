// data: labelled
model.save("scanvi-saved", overwrite = true)
java.io.File("scanvi-saved").list()!!.sorted()
