package reactor

import "twinrig/twinmodel"

// Inputs, in the order of the specification.
const (
	inValve = iota
	inFeed
	inAgitator
	inInhibitor
	inAmbient
	inCoolingLoss
	inStiction
	inAgitatorFailure
	inFouling
	inFeedConcentration
	inFeedRunaway
	inImpurity
	inInhibitorMissing
	inVentBlocked
	inputs
)

// Outputs, in the order of the specification.
const (
	outTemperature = iota
	outJacket
	outJacketInlet
	outPressure
	outLevel
	outConversion
	outReactant
	outProduct
	outFeedFlow
	outFed
	outReaction
	outReleased
	outRemoved
	outTransfer
	outCoolant
	outValve
	outAgitatorPower
	outDisc
	outVessel
	outputs
)

var spec = twinmodel.Spec{
	Kind:  "reactor",
	Title: "batch reactor",
	Signals: []twinmodel.Signal{
		inValve: {Name: "jacketValve", Label: "jacket valve", Quantity: twinmodel.Ratio, Unit: "%",
			Max: 100, Initial: 50, Direction: twinmodel.Actuator, Doc: "position asked for: 0 cools fully, 50 is shut, 100 heats fully"},
		inFeed: {Name: "feedPump", Label: "feed pump", Quantity: twinmodel.Ratio, Unit: "%",
			Max: 100, Direction: twinmodel.Actuator, Doc: "of the full stroke"},
		inAgitator: {Name: "agitator", Label: "agitator", Quantity: twinmodel.State, Unit: "1",
			Max: 1, Initial: 1, Direction: twinmodel.Actuator, States: []string{"off", "on"}},
		inInhibitor: {Name: "inhibitorValve", Label: "inhibitor valve", Quantity: twinmodel.State, Unit: "1",
			Max: 1, Direction: twinmodel.Actuator, States: []string{"shut", "open"}, Doc: "what is let in cannot be taken out again"},
		inAmbient: {Name: "ambientTemperature", Label: "ambient temperature", Quantity: twinmodel.Temperature, Unit: "°C",
			Min: -30, Max: 60, Initial: 32.232, Direction: twinmodel.Environment},
		inCoolingLoss:       fault("coolingLoss", "cooling loss", "share of the cold utility lost"),
		inStiction:          fault("valveStiction", "valve stiction", "the jacket's valve sticks until its position is off by this share of the stroke, then jumps; 1 never moves"),
		inAgitatorFailure:   fault("agitatorFailure", "agitator failure", "1 stops the agitator and loses most of the heat transfer"),
		inFouling:           fault("fouling", "fouling", "share of the worst deposits on the wall"),
		inFeedConcentration: fault("feedConcentration", "feed too concentrated", "1 brings 30 % more with the same pump"),
		inFeedRunaway:       fault("feedRunaway", "feed runaway", "share of the full stroke that flows whatever is asked for"),
		inImpurity:          fault("impurity", "impurity", "1 slows all reactions by 20 %"),
		inInhibitorMissing:  fault("inhibitorMissing", "missing inhibitor", "share of the inhibitor that is not in its vessel"),
		inVentBlocked:       fault("ventBlocked", "blocked vent", "share of the vent's and the disc's conductance lost"),

		inputs + outTemperature: temperature("reactorTemperature", "reactor temperature", "of the contents"),
		inputs + outJacket:      temperature("jacketTemperature", "jacket temperature", "mean of inlet and outlet"),
		inputs + outJacketInlet: temperature("jacketInletTemperature", "jacket inlet temperature", "where the pipe to the jacket begins"),
		inputs + outPressure:    {Name: "pressure", Label: "pressure", Quantity: twinmodel.Pressure, Unit: "bar", Min: 0.9, Max: 100, Doc: "absolute; the contents do not boil, whatever the temperature"},
		inputs + outLevel:       {Name: "level", Label: "level", Quantity: twinmodel.Ratio, Unit: "%", Max: 101, Doc: "of the vessel"},
		inputs + outConversion: {Name: "conversion", Label: "conversion", Quantity: twinmodel.Ratio, Unit: "%", Max: 100,
			Doc: "of the first reactant: of what was charged and fed, in a tank that overflows of what the feed holds"},
		inputs + outReactant: {Name: "reactantConcentration", Label: "reactant concentration", Quantity: twinmodel.AmountConcentration,
			Unit: "mol/L", Max: 100, Doc: "of the first species"},
		inputs + outProduct: {Name: "productConcentration", Label: "product concentration", Quantity: twinmodel.AmountConcentration,
			Unit: "mol/L", Max: 100, Doc: "of the second species"},
		inputs + outFeedFlow: {Name: "feedFlow", Label: "feed flow", Quantity: twinmodel.MassFlow, Unit: "kg/h", Max: 1e6, Doc: "of reactants"},
		inputs + outFed:      {Name: "fedMass", Label: "fed mass", Quantity: twinmodel.Mass, Unit: "kg", Max: 1e9, Doc: "of reactants since the start"},
		inputs + outReaction: {Name: "reactionHeat", Label: "heat of reaction", Quantity: twinmodel.Power, Unit: "kW", Min: -1e12, Max: 1e12, Doc: "given off now"},
		inputs + outReleased: {Name: "heatReleased", Label: "heat released", Quantity: twinmodel.Energy, Unit: "MJ", Min: -1e9, Max: 1e9, Doc: "by the reaction since the start"},
		inputs + outRemoved:  {Name: "jacketHeat", Label: "heat to the jacket", Quantity: twinmodel.Power, Unit: "kW", Min: -1e6, Max: 1e6, Doc: "negative when it heats"},
		inputs + outTransfer: {Name: "heatTransfer", Label: "heat transfer coefficient", Quantity: twinmodel.HeatTransfer, Unit: "W/(m²·K)", Max: 1e5, Doc: "from contents to jacket"},
		inputs + outCoolant:  {Name: "coolantFlow", Label: "coolant flow", Quantity: twinmodel.MassFlow, Unit: "kg/s", Max: 1e4, Doc: "of cold water that the valve lets in"},
		inputs + outValve:    {Name: "valvePosition", Label: "valve position", Quantity: twinmodel.Ratio, Unit: "%", Max: 100, Doc: "where the jacket's valve is"},
		inputs + outAgitatorPower: {Name: "agitatorPower", Label: "agitator power", Quantity: twinmodel.Power, Unit: "W", Max: 1e9,
			Doc: "grows with the viscosity"},
		inputs + outDisc: {Name: "ruptureDisc", Label: "rupture disc", Quantity: twinmodel.State, Unit: "1", Max: 1, States: []string{"whole", "burst"}},
		inputs + outVessel: {Name: "vessel", Label: "vessel", Quantity: twinmodel.State, Unit: "1", Max: 1, States: []string{"whole", "ruptured"},
			Doc: "chemistry ends when it ruptures"},
	},
	Sources: []string{
		"Bequette: Process Control, module 8; recalled",
		"Seborg, Edgar, Mellichamp: Process Dynamics and Control, example 2.5; recalled",
		"Klatt and Engell; Chen, Kremling and Allgöwer (1995): van de Vusse reactor; recalled",
		"Fogler: Elements of Chemical Reaction Engineering, example 13-6 and its public code, after the CSB's report on T2 Laboratories",
		"Chylla and Haase: Comp. Chem. Eng. 17 (1993) 257; equations as in early versions of do-mpc (MIT)",
	},
}

func fault(name, label, doc string) twinmodel.Signal {
	return twinmodel.Signal{Name: name, Label: label, Quantity: twinmodel.Ratio, Unit: "1",
		Max: 1, Direction: twinmodel.Environment, Fault: true, Doc: doc}
}

func temperature(name, label, doc string) twinmodel.Signal {
	return twinmodel.Signal{Name: name, Label: label, Quantity: twinmodel.Temperature, Unit: "°C", Min: -60, Max: 600, Doc: doc}
}
