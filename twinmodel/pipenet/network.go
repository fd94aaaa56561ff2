package pipenet

import "slices"

// Volume is what a tank holds at a level.
type Volume struct{ Level, Content float64 } // m, m³

// NodeKind says what fixes the head of a node.
type NodeKind int

// The kinds of node.
const (
	Junction NodeKind = iota
	Reservoir
	Tank
)

// Demand is drawn from a junction: base flow times a pattern.
type Demand struct {
	Base    float64 // m³/s
	Pattern int     // index of Network.Patterns; -1 is constant
}

// Node is where links meet.
type Node struct {
	ID        string
	Kind      NodeKind
	Elevation float64 // m; a reservoir's is its head
	Demands   []Demand
	Pattern   int     // of a reservoir's head; -1 is constant
	Emitter   float64 // m³/s at 1 m of pressure head
	Level     float64 // of a tank at the start, m above Elevation
	MinLevel  float64
	MaxLevel  float64
	Diameter  float64  // of a tank, m
	Volumes   []Volume // of a tank that is no upright cylinder: rising
	Line      int      // in the file it was read from
}

// LinkKind says which law gives a link's loss of head.
type LinkKind int

// The kinds of link.
const (
	Pipe LinkKind = iota
	CheckPipe
	Pump
	PRV
	PSV
	FCV
	TCV
	PBV
	GPV
)

// Link joins two nodes; flow is positive from the first to the second.
type Link struct {
	ID        string
	Kind      LinkKind
	From, To  int
	Length    float64   // m
	Diameter  float64   // m
	Roughness float64   // Hazen–Williams C, Darcy–Weisbach roughness in m, or Manning's n
	Minor     float64   // loss coefficient
	Closed    bool      // at the start
	Fixed     bool      // a valve held open or closed: its setting does not count
	Setting   float64   // PRV, PSV, PBV: m of head; FCV: m³/s; TCV: loss coefficient
	Loss      []Point   // of a GPV: loss of head over flow, rising
	Speed     float64   // of a pump, relative
	Speeds    []float64 // pattern of a pump's speed; nil is constant
	Curve     PumpCurve
	Line      int
}

// Point is a point of a GPV's curve.
type Point struct{ Flow, Head float64 } // m³/s, m

// ControlKind is when a control acts.
type ControlKind int

// The kinds of control.
const (
	Above ControlKind = iota
	Below
	AtTime
	AtClock
)

// Control sets a link's status when a tank reaches a level or a time has come.
type Control struct {
	Link    int
	Closed  bool
	Speed   float64 // of a pump; 0 leaves it
	Setting float64 // of a valve
	Set     bool    // Setting counts
	Kind    ControlKind
	Node    int
	Level   float64 // m above the node's elevation
	At      float64 // s since the start, or since midnight
	Line    int
}

// Formula is the law of pipe friction.
type Formula int

// The laws of pipe friction.
const (
	HazenWilliams Formula = iota
	DarcyWeisbach
	ChezyManning
)

// Times are the instants at which an extended period is solved, in s.
type Times struct {
	Duration, Step, PatternStep, PatternStart, StartClock float64
}

// Network is what is built, and how it is run.
type Network struct {
	Title     string
	Nodes     []Node
	Links     []Link
	Patterns  [][]float64
	Controls  []Control
	Formula   Formula
	Viscosity float64 // kinematic, m²/s
	Density   float64 // kg/m³
	Exponent  float64 // of emitters
	Accuracy  float64 // sum of flow changes over sum of flows
	Trials    int
	Service   Service
	Times     Times
}

// Service says what becomes of demands when pressure is low. The zero value
// draws them whatever the pressure; otherwise they are drawn in full from the
// pressure head Required on, and as its share to the power of Exponent below
// (Wagner, Shamir and Marks 1988).
type Service struct {
	Driven            bool
	Minimum, Required float64 // m
	Exponent          float64
}

// clone is a copy whose nodes and links can be changed.
func (n *Network) clone() *Network {
	c := *n
	c.Nodes, c.Links = slices.Clone(n.Nodes), slices.Clone(n.Links)
	return &c
}

// NodeIndex finds a node; -1 is none.
func (n *Network) NodeIndex(id string) int {
	for i := range n.Nodes {
		if n.Nodes[i].ID == id {
			return i
		}
	}
	return -1
}

// LinkIndex finds a link; -1 is none.
func (n *Network) LinkIndex(id string) int {
	for i := range n.Links {
		if n.Links[i].ID == id {
			return i
		}
	}
	return -1
}
