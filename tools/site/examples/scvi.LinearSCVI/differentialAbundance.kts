// data: linear
model.differentialAbundance(sampleKey = "batch").head()
