// data: labelled
model.viewAnndataSetup()
