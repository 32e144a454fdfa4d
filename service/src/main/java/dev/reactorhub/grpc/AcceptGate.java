package dev.reactorhub.grpc;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;

/**
 * Takes no more connections while so many are open: the others wait in the kernel's queue. The
 * first handler of a listening channel, which takes one connection a read. Its event loop's thread
 * only.
 */
final class AcceptGate extends ChannelInboundHandlerAdapter {
  private final int connectionsMax;
  private int open;

  AcceptGate(int connectionsMax) {
    this.connectionsMax = connectionsMax;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    Channel listening = context.channel();
    EventLoop loop = listening.eventLoop();
    open++;
    if (open >= connectionsMax) {
      listening.config().setAutoRead(false);
    }
    // Told once the descriptor is free again.
    var _ =
        ((Channel) message)
            .closeFuture()
            .addListener(
                closed -> {
                  if (!loop.isShuttingDown()) {
                    loop.execute(() -> closed(listening));
                  }
                });
    context.fireChannelRead(message);
  }

  private void closed(Channel listening) {
    open--;
    if (open < connectionsMax) {
      listening.config().setAutoRead(true);
    }
  }
}
