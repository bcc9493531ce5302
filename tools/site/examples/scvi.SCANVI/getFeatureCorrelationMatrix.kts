// data: labelled
model.getFeatureCorrelationMatrix(nSamples = 2).shape
