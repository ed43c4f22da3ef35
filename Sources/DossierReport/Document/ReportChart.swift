/// A picture of figures, without any layout. Every chart has a title, a description for those who cannot see it, and the
/// table of what it shows.
public struct ReportChart: Equatable, Sendable {
  public var title: BilingualText
  /// What a reader should see in it, one or two sentences.
  public var description: BilingualText
  public var kind: Kind
  /// The figures that are drawn; printed beneath unless the section's table shows them already.
  public var data: TabularDocument?

  public enum Kind: Equatable, Sendable {
    case funnel(FunnelChart)
    case series(SeriesChart)
    case survival(SurvivalChart)
    case flow(FlowChart)
    case bars(BarChart)
  }

  public init(
    title: BilingualText, description: BilingualText, kind: Kind, data: TabularDocument? = nil
  ) {
    self.title = title
    self.description = description
    self.kind = kind
    self.data = data
  }
}

/// Rates of offices against their volume with limits around a target (Spiegelhalter 2005).
public struct FunnelChart: Equatable, Sendable {
  public struct Point: Equatable, Sendable {
    public var label: String
    /// Volume.
    public var x: Double
    /// Rate, in the unit of the y axis.
    public var y: Double
    /// Whether it lies outside the outer limits: drawn in another shape as well as colour, and labelled.
    public var isOutside: Bool

    public init(label: String, x: Double, y: Double, isOutside: Bool) {
      self.label = label
      self.x = x
      self.y = y
      self.isOutside = isOutside
    }
  }

  /// One pair of limits, from small volumes to large ones; a lower limit is nil where there is none.
  public struct Limits: Equatable, Sendable {
    public struct Step: Equatable, Sendable {
      public var x: Double
      public var lower: Double?
      public var upper: Double

      public init(x: Double, lower: Double?, upper: Double) {
        self.x = x
        self.lower = lower
        self.upper = upper
      }
    }

    public enum Line: Equatable, Sendable { case solid, dashed, dotted }

    public var name: BilingualText
    public var line: Line
    public var steps: [Step]

    public init(name: BilingualText, line: Line, steps: [Step]) {
      self.name = name
      self.line = line
      self.steps = steps
    }
  }

  public var points: [Point]
  public var target: Double
  public var limits: [Limits]
  public var xTitle: BilingualText
  public var yTitle: BilingualText

  public init(
    points: [Point], target: Double, limits: [Limits], xTitle: BilingualText, yTitle: BilingualText
  ) {
    self.points = points
    self.target = target
    self.limits = limits
    self.xTitle = xTitle
    self.yTitle = yTitle
  }
}

/// Values in order (months, items between losses, a CUSUM), with intervals, horizontal limits and signals.
public struct SeriesChart: Equatable, Sendable {
  public struct Point: Equatable, Sendable {
    public var label: String
    /// Nil leaves a gap.
    public var value: Double?
    public var lower: Double?
    public var upper: Double?
    /// Drawn in another shape as well as colour.
    public var isSignal: Bool

    public init(
      label: String, value: Double?, lower: Double? = nil, upper: Double? = nil, isSignal: Bool = false
    ) {
      self.label = label
      self.value = value
      self.lower = lower
      self.upper = upper
      self.isSignal = isSignal
    }
  }

  /// A horizontal line across the chart.
  public struct Level: Equatable, Sendable {
    public var name: BilingualText
    public var value: Double

    public init(name: BilingualText, value: Double) {
      self.name = name
      self.value = value
    }
  }

  public var points: [Point]
  public var levels: [Level]
  /// Whether points are joined by a line.
  public var isJoined: Bool
  public var xTitle: BilingualText
  public var yTitle: BilingualText

  public init(
    points: [Point], levels: [Level] = [], isJoined: Bool = true, xTitle: BilingualText,
    yTitle: BilingualText
  ) {
    self.points = points
    self.levels = levels
    self.isJoined = isJoined
    self.xTitle = xTitle
    self.yTitle = yTitle
  }
}

/// Step curves from 1 downwards (survival) or from 0 upwards (cumulative incidence).
public struct SurvivalChart: Equatable, Sendable {
  public struct Step: Equatable, Sendable {
    public var time: Double
    public var value: Double
    public var lower: Double?
    public var upper: Double?

    public init(time: Double, value: Double, lower: Double? = nil, upper: Double? = nil) {
      self.time = time
      self.value = value
      self.lower = lower
      self.upper = upper
    }
  }

  public struct Curve: Equatable, Sendable {
    public var name: BilingualText
    /// In order of time; the value before the first step is `start`.
    public var steps: [Step]
    public var start: Double

    public init(name: BilingualText, start: Double = 1, steps: [Step]) {
      self.name = name
      self.start = start
      self.steps = steps
    }
  }

  public var curves: [Curve]
  public var xTitle: BilingualText
  public var yTitle: BilingualText

  public init(curves: [Curve], xTitle: BilingualText, yTitle: BilingualText) {
    self.curves = curves
    self.xTitle = xTitle
    self.yTitle = yTitle
  }
}

/// Who handed how much to whom, in columns from left to right (a Sankey diagram).
public struct FlowChart: Equatable, Sendable {
  public struct Node: Equatable, Sendable {
    public var name: BilingualText
    /// From 0, leftmost.
    public var column: Int

    public init(name: BilingualText, column: Int) {
      self.name = name
      self.column = column
    }
  }

  public struct Link: Equatable, Sendable {
    /// Positions in ``FlowChart/nodes``; `from` stands left of `to`.
    public var from: Int
    public var to: Int
    public var value: Double
    /// Drawn in the colour of a warning.
    public var isProblem: Bool

    public init(from: Int, to: Int, value: Double, isProblem: Bool = false) {
      self.from = from
      self.to = to
      self.value = value
      self.isProblem = isProblem
    }
  }

  public var nodes: [Node]
  public var links: [Link]

  public init(nodes: [Node], links: [Link]) {
    self.nodes = nodes
    self.links = links
  }
}

/// Horizontal bars, in the order given, with intervals where there are some; several series stand stacked.
public struct BarChart: Equatable, Sendable {
  public struct Bar: Equatable, Sendable {
    public var label: BilingualText
    /// One value a series.
    public var values: [Double]
    /// An interval around the sum of the values.
    public var lower: Double?
    public var upper: Double?

    public init(label: BilingualText, values: [Double], lower: Double? = nil, upper: Double? = nil) {
      self.label = label
      self.values = values
      self.lower = lower
      self.upper = upper
    }
  }

  /// Names of the series; one for plain bars.
  public var series: [BilingualText]
  public var bars: [Bar]
  public var xTitle: BilingualText

  public init(series: [BilingualText], bars: [Bar], xTitle: BilingualText) {
    self.series = series
    self.bars = bars
    self.xTitle = xTitle
  }
}
