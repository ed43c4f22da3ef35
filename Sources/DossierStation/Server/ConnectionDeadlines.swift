internal import HTTPTypes
internal import NIOCore
internal import NIOHTTPTypes

/// Ends a connection whose other side is too slow: with its header, with its body, or in reading the answers.
///
/// It stands right behind the HTTP decoder and looks once a second. An answer that is complete here but not yet with the
/// other side keeps the connection open while it advances.
final class ConnectionDeadlines: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  private let limits: StationLimits
  private let connections: Connections
  private var identifier: Int?
  private var timer: Scheduled<Void>?
  private var isClosing = false

  /// Beginnings of the requests that are not answered.
  private var unanswered: [NIODeadline] = []
  private var waitingSince = NIODeadline.now()
  private var hasAnswered = false
  private var isStreaming = false

  private var isReceiving = false
  private var bodyBegan = NIODeadline.now()
  private var bodyBytes = 0
  /// Whether the next bytes are waited for; a station that is busy does not blame the other side.
  private var wantsBytes = false
  private var lingersSince: NIODeadline?

  private var buffered = 0
  private var written = 0
  private var windowBegan = NIODeadline.now()
  private var windowBytes = 0
  private var closeWhenWritten: [(CloseMode, EventLoopPromise<Void>?)] = []

  init(limits: StationLimits, connections: Connections) {
    self.limits = limits
    self.connections = connections
  }

  // MARK: Life

  func handlerAdded(context: ChannelHandlerContext) {
    identifier = connections.opened(context.channel)
    guard identifier != nil else {
      isClosing = true
      return context.close(promise: nil)
    }
    waitingSince = .now()
    schedule(context)
  }

  func handlerRemoved(context: ChannelHandlerContext) { end() }

  func channelInactive(context: ChannelHandlerContext) {
    end()
    context.fireChannelInactive()
  }

  private func end() {
    timer?.cancel()
    timer = nil
    if let identifier { connections.closed(identifier) }
    identifier = nil
    for (_, promise) in closeWhenWritten { promise?.succeed(()) }
    closeWhenWritten = []
  }

  private func schedule(_ context: ChannelHandlerContext) {
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    timer = context.eventLoop.scheduleTask(in: TimeAmount(StationLimits.tick)) {
      let (handler, context) = bound.value
      handler.look(context)
    }
  }

  // MARK: What comes

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    wantsBytes = false
    switch unwrapInboundIn(data) {
    case .head:
      isReceiving = true
      bodyBegan = .now()
      bodyBytes = 0
      unanswered.append(.now())
      phase(.receiving)
    case .body(let part):
      bodyBytes += part.readableBytes
      if isLingering { return bodyBytes > StationLimits.lingeringBytes ? close(context) : () }
    case .end:
      isReceiving = false
      phase(unanswered.isEmpty ? .waiting : .answering)
      if isLingering { return close(context) }
    }
    context.fireChannelRead(data)
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    context.fireChannelReadComplete()
    if isLingering { context.read() }
  }

  /// Whether the request was answered and only the rest of its body is still coming, which nobody else reads.
  private var isLingering: Bool { lingersSince != nil && unanswered.isEmpty }

  func read(context: ChannelHandlerContext) {
    wantsBytes = true
    context.read()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    // Whoever follows a stream sends nothing more: a closed sending side means that he has left.
    if isStreaming, event as? ChannelEvent == .inputClosed { return close(context) }
    context.fireUserInboundEventTriggered(event)
  }

  // MARK: What goes

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    // What was refused and is being read to its end gets no second answer, whatever still comes.
    if isLingering {
      promise?.fail(ChannelError.ioOnClosedChannel)
      return
    }
    switch unwrapOutboundIn(data) {
    case .head(var head):
      let type = head.headerFields[.contentType] ?? ""
      isStreaming = type.hasPrefix("text/event-stream") || type.hasPrefix("application/x-ndjson")
      if isReceiving, head.status.code >= 400 {
        // The rest of the body is not wanted, and nobody knows where the next request would begin.
        head.headerFields[.connection] = "close"
        lingersSince = .now()
        return context.write(wrapOutboundOut(.head(head)), promise: promise)
      }
    case .body(let part): written += part.readableBytes
    case .end:
      if !unanswered.isEmpty { unanswered.removeFirst() }
      hasAnswered = true
      isStreaming = false
      waitingSince = .now()
      phase(unanswered.isEmpty ? (isReceiving ? .receiving : .waiting) : .answering)
    }
    context.write(data, promise: promise)
    if isLingering { context.read() }
  }

  /// A close that somebody above asks for waits until what was written before is on its way.
  func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
    guard mode != .input, !isClosing, waitingBytes(context) > 0 else {
      return context.close(mode: mode, promise: promise)
    }
    closeWhenWritten.append((mode, promise))
  }

  // MARK: Looking

  private func look(_ context: ChannelHandlerContext) {
    timer = nil
    guard identifier != nil, !isClosing else { return }
    let now = NIODeadline.now()
    let isSlow = isSlowToRead(context, now)
    if buffered == 0, !closeWhenWritten.isEmpty {
      let asked = closeWhenWritten
      closeWhenWritten = []
      for (mode, promise) in asked { context.close(mode: mode, promise: promise) }
    }
    if isSlow || isSlowToSend(now) || isOverdue(now) { return close(context) }
    schedule(context)
  }

  private func isSlowToSend(_ now: NIODeadline) -> Bool {
    if let lingersSince { return now - lingersSince > TimeAmount(StationLimits.lingeringTime) }
    guard isReceiving else { return false }
    if !wantsBytes { bodyBegan = bodyBegan + TimeAmount(StationLimits.tick) }
    let allowed = TimeAmount(limits.graceTime) + .nanoseconds(Int64(bodyBytes) * 1_000_000_000 / rate)
    return now - bodyBegan > allowed
  }

  private func isOverdue(_ now: NIODeadline) -> Bool {
    if let first = unanswered.first { return !isStreaming && now - first > TimeAmount(limits.requestTime) }
    guard buffered == 0 else {
      waitingSince = now
      return false
    }
    return now - waitingSince > TimeAmount(hasAnswered ? limits.idleTime : limits.headTime)
  }

  private func isSlowToRead(_ context: ChannelHandlerContext, _ now: NIODeadline) -> Bool {
    let before = buffered + written
    written = 0
    buffered = waitingBytes(context)
    windowBytes += max(0, before - buffered)
    guard buffered > 0 else {
      windowBegan = now
      windowBytes = 0
      return false
    }
    let window = now - windowBegan
    guard window > TimeAmount(limits.graceTime) else { return false }
    let isSlow = Int64(windowBytes) < rate * window.nanoseconds / 1_000_000_000
    windowBegan = now
    windowBytes = 0
    return isSlow
  }

  private var rate: Int64 { Int64(max(1, limits.slowestRate)) }

  private func waitingBytes(_ context: ChannelHandlerContext) -> Int {
    (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
  }

  private func phase(_ phase: Connections.Phase) {
    if let identifier { connections.changed(identifier, to: phase) }
  }

  private func close(_ context: ChannelHandlerContext) {
    isClosing = true
    context.close(promise: nil)
  }
}
