// data: labelled
model.differentialAbundance(sampleKey = "batch").head()
