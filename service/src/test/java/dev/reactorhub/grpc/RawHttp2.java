package dev.reactorhub.grpc;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2PingFrame;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An HTTP/2 connection on which a test does what gRPC's own clients would not. */
final class RawHttp2 implements AutoCloseable {
  /** What came, in words: {@code settings 100 65536}, {@code ping}, {@code pong}, … */
  final List<String> told = new CopyOnWriteArrayList<>();

  private final EventLoopGroup loop = new NioEventLoopGroup(1);
  private final Channel channel;

  /** Connects to a port of this machine; pings of the server are not answered. */
  RawHttp2(int port) {
    this.channel =
        new Bootstrap()
            .group(loop)
            .channel(NioSocketChannel.class)
            .handler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel connection) {
                    connection
                        .pipeline()
                        .addLast(
                            Http2FrameCodecBuilder.forClient().autoAckPingFrame(false).build(),
                            new Frames());
                  }
                })
            .connect("127.0.0.1", port)
            .syncUninterruptibly()
            .channel();
  }

  /** Sends so many pings. */
  void ping(int count) {
    for (int i = 0; i < count; i++) {
      // The server may close the connection before the last of them.
      var _ = channel.writeAndFlush(new DefaultHttp2PingFrame(i)).awaitUninterruptibly();
    }
  }

  boolean isClosed() {
    return !channel.isActive();
  }

  @Override
  public void close() {
    var _ = channel.close().syncUninterruptibly();
    var _ = loop.shutdownGracefully(0, 0, java.util.concurrent.TimeUnit.SECONDS);
  }

  private final class Frames extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object frame) {
      switch (frame) {
        case Http2SettingsFrame settings ->
            told.add(
                "settings "
                    + settings.settings().maxConcurrentStreams()
                    + " "
                    + settings.settings().maxHeaderListSize());
        case Http2PingFrame ping -> told.add(ping.ack() ? "pong" : "ping");
        case Http2GoAwayFrame goAway ->
            told.add(
                "goaway "
                    + Http2Error.valueOf(goAway.errorCode())
                    + " "
                    + goAway.content().toString(StandardCharsets.UTF_8));
        default -> told.add(frame.getClass().getSimpleName());
      }
      ReferenceCountUtil.release(frame);
    }
  }
}
