import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** One long-lived judge: a line of tab-separated words in, one line of JSON out, until the input ends. */
interface Judge {
    /** Judge one file; {@code words} are the request's fields. */
    Map<String, Object> judge(String[] words) throws Exception;

    static void serve(Judge judge) throws IOException {
        // Answers alone go to the real standard output; whatever a library prints becomes standard error.
        PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        System.setOut(System.err);
        BufferedReader requests =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = requests.readLine(); line != null; line = requests.readLine()) {
            Object answer;
            try {
                answer = judge.judge(line.split("\t", -1));
            } catch (Exception | StackOverflowError | OutOfMemoryError fault) {
                fault.printStackTrace();
                answer = Map.of("fault", fault.toString());
            }
            answers.println(Reply.json(answer));
        }
    }
}
