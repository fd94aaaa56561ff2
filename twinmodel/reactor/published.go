package reactor

// dissolved is a species that adds neither volume nor heat capacity.
func dissolved(name string, charge, molarMass, units float64) Species {
	return Species{Name: name, Charge: charge, MolarMass: molarMass, Units: units}
}

// bequette is the CSTR of Bequette's Process Control, module 8: propylene oxide
// and water. Vessel, agitator and hot utility are estimates.
func bequette() Params {
	const volume, density = 1.0, 1000.0 // m³, kg/m³
	const capacity = 500e3 * calorie    // J/(m³·K)
	return Params{
		Species: []Species{dissolved("propylene oxide", 9000, 0.05808, 1), dissolved("propylene glycol", 1000, 0.07609, 1)},
		Steps: []Step{{Factor: 9703, Activation: 11843 / 1.987, Enthalpy: -5960 * calorie,
			Orders: []int{1, 0}, Yields: []float64{-1, 1}}},
		Temperature:   305,
		CarrierVolume: volume, CarrierCapacity: volume * capacity, CarrierMass: volume * density, VesselVolume: 1.25,
		InhibitorTime: 60,
		Feed:          Feed{Flow: volume / hour, Species: []float64{10000 * volume / hour, 0}, Temperature: 298},
		Wall:          Wall{Film: 150e3 * calorie / hour, Area: 1, WorstFouling: hour / (150e3 * calorie), Unstirred: 0.2, AgitatorPower: 500, DoublesPowerAt: 0.1},
		Jacket:        Jacket{Circuit: Flow, Cold: 298, Hot: 370, Flow: 2},
		Headspace:     closed(),
	}
}

// seborg is the CSTR of Seborg, Edgar and Mellichamp, example 2.5, in the variant
// with a feed of 350 K.
func seborg() Params {
	const volume, density = 0.1, 1000.0 // m³, kg/m³
	const capacity = 239e3              // J/(m³·K)
	return Params{
		Species: []Species{dissolved("A", 90, 0.1, 1), dissolved("B", 10, 0.1, 1)},
		Steps: []Step{{Factor: 7.2e10 / minute, Activation: 8750, Enthalpy: -5e4,
			Orders: []int{1, 0}, Yields: []float64{-1, 1}}},
		Temperature:   320,
		CarrierVolume: volume, CarrierCapacity: volume * capacity, CarrierMass: volume * density, VesselVolume: 0.125,
		InhibitorTime: 60,
		Feed:          Feed{Flow: volume / minute, Species: []float64{1000 * volume / minute, 0}, Temperature: 350},
		Wall:          Wall{Film: 5e4 / minute, Area: 1, WorstFouling: minute / 5e4, Unstirred: 0.2, AgitatorPower: 100, DoublesPowerAt: 0.1},
		Jacket:        Jacket{Circuit: Flow, Cold: 300, Hot: 350, Flow: 1},
		Headspace:     closed(),
	}
}

// vanDeVusse is the reactor of Klatt and Engell in Chen, Kremling and Allgöwer
// (1995): cyclopentadiene to cyclopentenol and on. The cooling of 9 MJ/h at full
// stroke is the bound those authors set.
func vanDeVusse() Params {
	const volume, density = 0.01, 934.2 // m³, kg/m³
	const capacity = density * 3010     // J/(m³·K)
	return Params{
		Species: []Species{
			dissolved("cyclopentadiene", 51, 0.0661, 1), dissolved("cyclopentenol", 0, 0.08412, 1),
			dissolved("cyclopentanediol", 0, 0.10213, 1), dissolved("dicyclopentadiene", 0, 0.1322, 2)},
		Steps: []Step{
			{Factor: 1.287e12 / hour, Activation: 9758.3, Enthalpy: 4200, Orders: []int{1, 0, 0, 0}, Yields: []float64{-1, 1, 0, 0}},
			{Factor: 1.287e12 / hour, Activation: 9758.3, Enthalpy: -11000, Orders: []int{0, 1, 0, 0}, Yields: []float64{0, -1, 1, 0}},
			{Factor: 9.043e6 / hour, Activation: 8560, Enthalpy: -41850, Orders: []int{2, 0, 0, 0}, Yields: []float64{-1, 0, 0, 0.5}}},
		Temperature:   378.05,
		CarrierVolume: volume, CarrierCapacity: volume * capacity, CarrierMass: volume * density, VesselVolume: 0.0125,
		InhibitorTime: 60,
		Feed:          Feed{Flow: 14.19 * volume / hour, Species: []float64{5100 * 14.19 * volume / hour, 0, 0, 0}, Temperature: 378.05},
		Wall:          Wall{Film: 4032e3 / hour, Area: 0.215, WorstFouling: hour / 4032e3, Unstirred: 0.2, AgitatorPower: 50, DoublesPowerAt: 0.1},
		Jacket:        Jacket{Circuit: Duty, Cold: 288, Hot: 420, Capacity: 5 * 2000, Flow: 0.1, Cooling: 9e6 / hour, Heating: 4e6 / hour},
		Headspace:     closed(),
	}
}

// t2 is the batch of T2 Laboratories as Fogler's Elements of Chemical Reaction
// Engineering has it in example 13-6, after the report of the U.S. Chemical
// Safety Board: metallation of methylcyclopentadiene with sodium, and the
// decomposition of the solvent that follows when it gets too hot. Boiling water
// cools. The parameters are a teaching model's.
func t2() Params {
	const volume = 4.0 // m³
	const perAtmosphere = 1 / (hour * atmosphere)
	return Params{
		Species: []Species{
			dissolved("methylcyclopentadiene", 4300*volume, 0.08013, 1), dissolved("sodium", 5100*volume, 0.02299, 1),
			dissolved("diglyme", 3000*volume, 0.13418, 1), dissolved("sodium methylcyclopentadiene", 0, 0.10211, 2),
			dissolved("decomposed diglyme", 0, 0.128, 1)},
		Steps: []Step{
			{Factor: 4e11 / hour, Activation: 128000 / 8.31, Enthalpy: -45400, Gas: 0.5,
				Orders: []int{1, 1, 0, 0, 0}, Yields: []float64{-1, -1, 0, 1, 0}},
			{Factor: 1e84 / hour, Activation: 800000 / 8.31, Enthalpy: -3.2e5, Gas: 3,
				Orders: []int{0, 0, 1, 0, 0}, Yields: []float64{0, 0, -1, 0, 1}}},
		Temperature:   422,
		CarrierVolume: volume, CarrierCapacity: 1.26e7, CarrierMass: 4000, VesselVolume: 4.5,
		InhibitorTime: 60,
		Feed:          Feed{Species: make([]float64, 5), Temperature: 300},
		Wall:          Wall{Film: 2.77e6 / hour / 5, Area: 5, WorstFouling: 5 * hour / 2.77e6, Unstirred: 0.2, AgitatorPower: 5000, DoublesPowerAt: 0.1},
		Jacket:        Jacket{Circuit: Flow, Cold: 373.15, Hot: 450, Flow: 0.02},
		Headspace: Headspace{Volume: 5, Pressure: 4.4 * atmosphere, Vent: 3360 * perAtmosphere,
			DiscAt: 28.2 * atmosphere, Disc: 53600 * perAtmosphere, RuptureAt: 45 * atmosphere, HottestAt: 600},
	}
}

// chyllaHaase is product A of Chylla and Haase's benchmark (Computers and
// Chemical Engineering 17, 1993) with the equations of its later readers, such as
// the example that came with early versions of do-mpc. Volume of the vessel,
// agitator and inhibitor are estimates.
func chyllaHaase() Params {
	const monomer, water = 0.104, 4187.0 // kg/mol, J/(kg·K)
	return Params{
		Species: []Species{
			{Name: "monomer", MolarMass: monomer, MolarVolume: monomer / 900, HeatCapacity: 1675 * monomer, Units: 1},
			{Name: "polymer", Charge: 11.227 / monomer, MolarMass: monomer, MolarVolume: monomer / 1040, HeatCapacity: 3140 * monomer, Units: 1}},
		Steps: []Step{{Factor: 55, Activation: 29560.89 / 8.314, Enthalpy: -70152.16,
			Orders: []int{1, 0}, Yields: []float64{-1, 1}, GelExponent: 0.4, GelFactor: 1000}},
		Temperature:   305.382,
		CarrierVolume: 0.04275, CarrierCapacity: 42.75 * water, CarrierMass: 42.75, VesselVolume: 0.15,
		InhibitorEffect: 1, InhibitorTime: 60,
		Feed: Feed{Species: []float64{7.56e-3 / monomer, 0}, Temperature: 305.382},
		Wall: Wall{Film: 814, FilmExponent: -5.13, Area: 0.167, AreaPerVolume: 1.594 / 0.193, WorstFouling: 0.704e-3,
			Unstirred: 0.2, Loss: 5.67567, AgitatorPower: 200, DoublesPowerAt: 0.1},
		Viscosity: Viscosity{Factor: 5.2e-5, Solids: 16.4, Slope: 2.3, Scale: 555.556, Offset: 1.563},
		Jacket: Jacket{Circuit: Loop, Cold: 294.26, Hot: 449.82, Capacity: 21.455 * water, Flow: 0.9412, Lag: 40.2,
			InDelay: 22.8, OutDelay: 15, ColdGain: 0.8, HotGain: 0.15, TurnDown: 30, SpecificC: water},
		Headspace: closed(),
	}
}
