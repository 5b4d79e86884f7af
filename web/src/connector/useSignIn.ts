import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { beginSignIn, connectorQuery } from "./calls";

/** Where the pages that a sign-in ends with tell how it ended: the two windows know nothing else of each other. */
const channelName = "tandem-connect";

interface Told {
  Connector: number;
  /** Empty: it worked. */
  Problem: string;
}

/** How often the server is asked meanwhile: its pages may be on another host, whose channel is not heard here. */
const look = 3_000;

/**
 * A sign-in at a third party, in a window of its own. begin is for a click: else
 * the browser keeps the window from opening.
 */
export function useSignIn(account: string, id: number, authenticated: boolean, onDone: () => void) {
  const queries = useQueryClient();
  const [waiting, setWaiting] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [blocked, setBlocked] = useState<string>();

  useEffect(() => {
    if (!waiting) return;
    const channel = new BroadcastChannel(channelName);
    channel.onmessage = ({ data }: MessageEvent<Told>) => {
      if (data.Connector !== id) return;
      setWaiting(false);
      setProblem(data.Problem || undefined);
      if (!data.Problem) onDone();
    };
    const timer = setInterval(async () => {
      if (authenticated) return; // it says nothing then
      const now = await queries.fetchQuery({ ...connectorQuery(account, id), staleTime: 0 }).catch(() => null);
      if (now?.AuthenticationState !== "Authenticated") return;
      setWaiting(false);
      onDone();
    }, look);
    return () => {
      channel.close();
      clearInterval(timer);
    };
  }, [waiting, account, id, authenticated, queries, onDone]);

  const begin = useMutation({
    mutationFn: (before: () => Promise<unknown>) => {
      // At once, while the click counts; where it leads is known later.
      const popup = window.open("about:blank", "_blank", "popup,width=560,height=720");
      return before()
        .then(() => beginSignIn(account, id))
        .then(
          ({ Url }) => {
            if (popup) popup.location.replace(Url);
            else setBlocked(Url);
          },
          (error) => {
            popup?.close();
            throw error;
          },
        );
    },
    onMutate: () => {
      setProblem(undefined);
      setBlocked(undefined);
    },
    onSuccess: () => setWaiting(true),
  });
  /** blocked: the address, where the browser let no window open. */
  return { begin, waiting, problem, blocked, stop: () => setWaiting(false) };
}
