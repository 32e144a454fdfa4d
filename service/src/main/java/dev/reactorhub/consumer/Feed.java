package dev.reactorhub.consumer;

import dev.reactorhub.event.Channel;
import dev.reactorhub.hub.EncodedEvent;
import dev.reactorhub.hub.Next;
import java.util.List;

/** Puts what one reading reads into the ledger of its consumer. */
final class Feed implements Reading.Sink {
  private final Consumer consumer;

  Feed(Consumer consumer) {
    this.consumer = consumer;
  }

  @Override
  public Reading.Wish wish() {
    return consumer.wish(this);
  }

  @Override
  public void read(List<EncodedEvent> events) {
    Channel deadLetters = consumer.definition().deadLetters();
    consumer.feed(
        this,
        ledger -> {
          for (EncodedEvent event : events) {
            Channel channel = event.channel();
            if (channel.equals(deadLetters)) {
              // It would be given its own dead letters for ever.
              ledger.readThrough(event.seq());
            } else {
              int bytes = event.sizeBytes();
              ledger.add(event.seq(), channel.value(), bytes, event);
            }
          }
        });
  }

  @Override
  public void readThrough(long seq) {
    consumer.feed(this, ledger -> ledger.readThrough(seq));
  }

  @Override
  public void hole(Next.Gap gap) {
    consumer.feed(this, ledger -> ledger.addHole(gap));
  }

  @Override
  public void readAgain(List<EncodedEvent> events) {
    consumer.feed(this, ledger -> events.forEach(event -> ledger.fill(event.seq(), event)));
  }

  @Override
  public void gone(long seq, Next.Gap gap) {
    consumer.feed(this, ledger -> ledger.isGone(seq, gap));
  }

  @Override
  public void failed(RuntimeException cause) {
    consumer.readFailed(this, cause);
  }
}
